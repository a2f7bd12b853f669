/** A foreseen failure of the set-up: one sentence for the user, and the exit code that goes with it. */
export class SetupFault extends Error {
  /**
   * @param {number} exitCode one of EXIT_CODES
   * @param {string} message one sentence that says what to do
   * @param {{ cause?: unknown }} [options]
   */
  constructor(exitCode, message, options) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

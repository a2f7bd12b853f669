import { constants } from 'node:os';

const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/** What an interrupted step rejects with. */
export class Interrupted extends Error {
  /** @param {NodeJS.Signals} signal */
  constructor(signal) {
    super(`interrupted by ${signal}`);
    this.signal = signal;
    /** By the convention of shells: 128 plus the number of the signal. */
    this.exitCode = 128 + constants.signals[signal];
  }
}

/**
 * Turns the signals that ask this process to stop into an abort signal whose reason is an `Interrupted`.
 *
 * @returns {{ signal: AbortSignal, onSignal: (listener: (signal: NodeJS.Signals) => void) => void }} `onSignal` hears
 *   every signal, also those after the first
 */
export function catchInterruption() {
  const controller = new AbortController();
  /** @type {Array<(signal: NodeJS.Signals) => void>} */
  const listeners = [];
  for (const name of SIGNALS) {
    process.on(name, () => {
      controller.abort(new Interrupted(name));
      for (const listener of listeners) listener(name);
    });
  }
  return { signal: controller.signal, onSignal: (listener) => void listeners.push(listener) };
}

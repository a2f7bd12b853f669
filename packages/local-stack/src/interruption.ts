import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** npm and the terminal both pass Ctrl-C on; what comes within this time is one key press. */
const SAME_PRESS_MS = 1_000;

/** Rejects whatever was under way when the user asked this process to stop. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
  /** By the convention of shells: 128 plus the number of the signal. */
  readonly exitCode: number;

  constructor(signal: NodeJS.Signals) {
    super(`interrupted by ${signal}`);
    this.exitCode = 128 + constants.signals[signal];
  }
}

/** How the user asks a command to stop. */
export interface Interruptions {
  /** Fires at the first Ctrl-C (or SIGTERM, SIGHUP), with an `Interruption` as reason. */
  readonly first: AbortSignal;
  /** Fires when the user asks again: no more waiting. */
  readonly second: AbortSignal;
  /** Gives the signals their usual effect again. */
  dispose(): void;
}

/** Turns the signals that ask this process to stop into abort signals. */
export function catchInterruptions(): Interruptions {
  const first = new AbortController();
  const second = new AbortController();
  let firstAt = 0;
  const listener = (signal: NodeJS.Signals): void => {
    if (!first.signal.aborted) {
      firstAt = performance.now();
      first.abort(new Interruption(signal));
    } else if (performance.now() - firstAt > SAME_PRESS_MS) {
      second.abort(new Interruption(signal));
    }
  };
  for (const name of SIGNALS) process.on(name, listener);
  return {
    first: first.signal,
    second: second.signal,
    dispose: () => {
      for (const name of SIGNALS) process.off(name, listener);
    },
  };
}

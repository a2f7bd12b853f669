/** Where a command writes: results to `out`, everything else to `err`. */
export interface Terminal {
  /** Writes a piece of the result. Resolves when it can take more. */
  out(text: string): Promise<void>;
  /** Writes to standard error as is. */
  err(text: string): void;
  /** True when standard error is a terminal, whose last line can be rewritten. */
  readonly isLive: boolean;
  /** Characters that fit in a line of the result. */
  readonly widthMax: number;
}

/** Wide enough that nothing ordinary is cut where the result goes to a file or a program. */
const WIDTH_OF_NO_TERMINAL = 200;
const WIDTH_OF_PLAIN_TERMINAL = 80;

function terminalWidth(): number {
  if (!process.stdout.isTTY) return WIDTH_OF_NO_TERMINAL;
  // Some terminals do not know how wide they are.
  return process.stdout.columns > 0 ? process.stdout.columns : WIDTH_OF_PLAIN_TERMINAL;
}

/**
 * The terminal of this process. A reader of the result who goes away early (`| head`) is not an error.
 *
 * @param columns - width to use instead of the terminal's, as in the variable COLUMNS
 */
export function processTerminal(columns: string | undefined): Terminal {
  let isGone = false;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    isGone = true;
  });
  const configured = Number(columns);
  return {
    async out(text) {
      if (isGone) return;
      await new Promise<void>((resolve) => process.stdout.write(text, () => resolve()));
    },
    err: (text) => void process.stderr.write(text),
    isLive: process.stderr.isTTY,
    widthMax: Number.isInteger(configured) && configured > 0 ? configured : terminalWidth(),
  };
}

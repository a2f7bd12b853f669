import type { Terminal } from './terminal.ts';

const REFRESH_MS = 1_000;

/** Shows what a command is doing now. */
export interface LiveStatus {
  /** Says what is being done from now on. */
  show(phrase: string): void;
  /** Leaves a line that stays, above what is being done. */
  note(line: string): void;
  /** Takes the status away; called before results are written. */
  clear(): void;
}

/**
 * On a terminal, one line that is rewritten and counts the seconds since the command began; elsewhere a plain line
 * for each change, so that a log stays readable.
 */
export function liveStatus(terminal: Terminal): LiveStatus {
  return terminal.isLive ? rewrittenLine(terminal) : plainLines(terminal);
}

function plainLines(terminal: Terminal): LiveStatus {
  const err = (text: string): void => terminal.err(text);
  let last = '';
  return {
    show(phrase) {
      if (phrase !== last) err(`… ${phrase}\n`);
      last = phrase;
    },
    note: (line) => err(`${line}\n`),
    clear() {
      last = '';
    },
  };
}

function rewrittenLine(terminal: Terminal): LiveStatus {
  const err = (text: string): void => terminal.err(text);
  const startedAt = performance.now();
  let current = '';
  let timer: NodeJS.Timeout | null = null;

  function draw(): void {
    const seconds = Math.floor((performance.now() - startedAt) / 1_000);
    // Wrapping would leave a line behind at every refresh, so the terminal is told not to wrap this one.
    err(`\r\u001b[K\u001b[?7l… ${current} (${seconds} s)\u001b[?7h`);
  }
  function clear(): void {
    if (timer === null) return;
    clearInterval(timer);
    timer = null;
    err('\r\u001b[K');
  }

  return {
    show(phrase) {
      current = phrase;
      timer ??= setInterval(draw, REFRESH_MS).unref();
      draw();
    },
    note(line) {
      err(`\r\u001b[K${line}\n`);
      if (timer !== null) draw();
    },
    clear,
  };
}

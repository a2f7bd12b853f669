import { AppError } from '@cookie-scanner/errors';
import { tryLock } from '@cookie-scanner/local-stack';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Terminal } from '../terminal/terminal.ts';
import { openResultFile } from './result-file.ts';
import type { ResultSink } from './result-sink.ts';
import { urlSet } from './url-set.ts';

/** Results on standard output: nothing is known of an earlier run. */
export function terminalSink(terminal: Terminal): ResultSink {
  return {
    done: urlSet(),
    append: async (line) => await terminal.out(`${line}\n`),
    close: () => undefined,
  };
}

/**
 * Results in a file that nobody else writes to meanwhile.
 *
 * @throws AppError STACK_BUSY when another crawl does
 * @throws AppError INPUT_INVALID when its folder does not exist, or it holds something else than results of a crawl
 */
export async function lockedFileSink(path: string): Promise<ResultSink> {
  const folder = dirname(path);
  if (!existsSync(folder))
    throw new AppError(
      'INPUT_INVALID',
      `The folder ${folder} does not exist; make it, or give another --output.`,
    );
  const lock = await tryLock(`${path}.lock`);
  if (!lock) {
    throw new AppError(
      'STACK_BUSY',
      `Another crawl is writing to ${path}; wait for it, or give another --output.`,
    );
  }
  try {
    const file = await openResultFile(path);
    return {
      ...file,
      close() {
        file.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

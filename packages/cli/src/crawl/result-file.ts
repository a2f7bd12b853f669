import { AppError } from '@cookie-scanner/errors';
import {
  closeSync,
  createReadStream,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { createInterface } from 'node:readline';

const NEWLINE = 0x0a;
const READ_BYTES = 65_536;

/** Where a crawl puts its results, one line each. */
export interface ResultSink {
  /** URLs that have a result already, exactly as they were given. */
  readonly done: ReadonlySet<string>;
  /** Adds a line, whole or not at all. */
  append(line: string): Promise<void>;
  close(): void;
}

/**
 * Opens a file of results to go on with: what is in it stays, and a last line that was torn by a crash is dropped.
 *
 * @throws AppError INPUT_INVALID when the file holds something else than results of a crawl
 */
export async function openResultFile(path: string): Promise<ResultSink> {
  const file = openSync(path, 'a+', 0o644);
  try {
    ftruncateSync(file, endOfLastLine(file));
    const done = await readDoneUrls(path);
    return {
      done,
      append: async (line) => appendWhole(file, line),
      close: () => closeSync(file),
    };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** In one write; when the disk takes only a part of it, that part is taken back. */
function appendWhole(file: number, line: string): void {
  const bytes = Buffer.from(`${line}\n`);
  const sizeBefore = fstatSync(file).size;
  let written = 0;
  try {
    while (written < bytes.length) written += writeSync(file, bytes, written);
  } finally {
    if (written < bytes.length) ftruncateSync(file, sizeBefore);
  }
}

/** Position after the last newline; 0 when there is none. Reads backwards, because results can be many gigabytes. */
function endOfLastLine(file: number): number {
  const buffer = Buffer.alloc(READ_BYTES);
  let end = fstatSync(file).size;
  while (end > 0) {
    const start = Math.max(0, end - READ_BYTES);
    const count = readSync(file, buffer, 0, end - start, start);
    const position = buffer.subarray(0, count).lastIndexOf(NEWLINE);
    if (position >= 0) return start + position + 1;
    end = start;
  }
  return 0;
}

async function readDoneUrls(path: string): Promise<Set<string>> {
  const done = new Set<string>();
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    number += 1;
    const url = requestedUrlOf(line);
    if (url === null) {
      const message = `Line ${number} of ${path} is not a result of a crawl; give another --output.`;
      throw new AppError('INPUT_INVALID', message);
    }
    done.add(url);
  }
  return done;
}

function requestedUrlOf(line: string): string | null {
  try {
    const value: unknown = JSON.parse(line);
    const isResult = typeof value === 'object' && value !== null && 'requestedUrl' in value;
    return isResult && typeof value.requestedUrl === 'string' ? value.requestedUrl : null;
  } catch {
    // Not JSON, so not one of ours.
    return null;
  }
}

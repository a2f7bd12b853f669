import { AppError } from '@cookie-scanner/errors';
import {
  closeSync,
  createReadStream,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
} from 'node:fs';
import { createInterface } from 'node:readline';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { appendWhole } from './append-whole.ts';
import { gzipMember, HEADER_BYTES, readMemberStart } from './gzip-member.ts';
import type { ResultSink } from './result-sink.ts';
import { urlSet, type UrlSet } from './url-set.ts';

const NEWLINE = 0x0a;
const READ_BYTES = 65_536;

/**
 * Opens a file of results to go on with: what is in it stays, and a last line that was torn by a crash is dropped. A
 * file whose name ends in `.gz` is compressed, each line by itself.
 *
 * @throws AppError INPUT_INVALID when the file holds something else than results of a crawl; it is left as it was
 */
export async function openResultFile(path: string): Promise<ResultSink> {
  const isCompressed = path.endsWith('.gz');
  const file = openSync(path, 'a+', 0o644);
  try {
    const end = isCompressed ? endOfLastMember(file, path) : endOfLastLine(file);
    const done = await readDoneUrls(path, end, isCompressed);
    // Nothing is cut off before it is known that the file is ours.
    ftruncateSync(file, end);
    return {
      done,
      async append(line) {
        const text = `${line}\n`;
        appendWhole(file, isCompressed ? await gzipMember(text) : Buffer.from(text));
      },
      close() {
        fsyncSync(file);
        closeSync(file);
      },
    };
  } catch (error) {
    closeSync(file);
    throw error;
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

/** Position after the last member that is all there. Reads the beginning of each only. */
function endOfLastMember(file: number, path: string): number {
  const { size } = fstatSync(file);
  const buffer = Buffer.alloc(HEADER_BYTES);
  let end = 0;
  while (end < size) {
    const count = readSync(file, buffer, 0, HEADER_BYTES, end);
    const start = readMemberStart(buffer.subarray(0, count));
    if (start === 'foreign') {
      const message = `${path} was not compressed by a crawl; unpack it and give that file, or give another --output.`;
      throw new AppError('INPUT_INVALID', message);
    }
    if (start === 'torn' || end + start.sizeBytes > size) return end;
    end += start.sizeBytes;
  }
  return end;
}

async function readDoneUrls(path: string, end: number, isCompressed: boolean): Promise<UrlSet> {
  const done = urlSet();
  if (end === 0) {
    // A torn line may be all there is, and then it is ours to drop only if it looks like one.
    if (!isCompressed) refuseForeignStart(path);
    return done;
  }
  const file = createReadStream(path, { end: end - 1 });
  const input: Readable = isCompressed ? pipeline(file, createGunzip(), () => undefined) : file;
  let number = 0;
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      number += 1;
      const url = requestedUrlOf(line);
      if (url === null) throw notOurs(path, `Line ${number} of ${path}`);
      done.add(url);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code?.startsWith('Z_') === true)
      throw notOurs(path, `What stands after line ${number} of ${path}`, error);
    throw error;
  }
  return done;
}

function refuseForeignStart(path: string): void {
  const start = '{"version":';
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(start.length);
    const count = readSync(file, buffer, 0, start.length, 0);
    if (!start.startsWith(buffer.toString('latin1', 0, count))) throw notOurs(path, `Line 1 of ${path}`);
  } finally {
    closeSync(file);
  }
}

function notOurs(path: string, where: string, cause?: unknown): AppError {
  const message = `${where} is not a result of a crawl; give another --output.`;
  return new AppError('INPUT_INVALID', message, { path }, { cause });
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

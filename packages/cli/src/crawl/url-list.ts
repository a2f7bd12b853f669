import { AppError } from '@cookie-scanner/errors';
import type { Readable } from 'node:stream';

/** A line of the list that asks for something to be scanned. */
export interface ListedUrl {
  /** As it stands there, without blanks around it. */
  readonly url: string;
  /** Counted from 1. */
  readonly line: number;
}

/** No list of URLs has longer lines, and one without line ends must not fill the memory. */
const LINE_BYTES_MAX = 65_536;
const NEWLINE = 0x0a;
const NUL = 0x00;
const BYTE_ORDER_MARK = /^\ufeff/;

/**
 * Reads a list of URLs, one a line, as slowly as they are asked for. Blank lines and comments (`#`) are skipped, and
 * so is the mark that some editors put before a file.
 *
 * @param name - of the list, for people
 * @throws AppError INPUT_INVALID when it is no text, with the line
 */
export async function* readUrls(input: Readable, name: string): AsyncGenerator<ListedUrl> {
  let line = 0;
  for await (const bytes of lines(input, name)) {
    line += 1;
    const url = decoded(bytes, name, line).replace(BYTE_ORDER_MARK, '').trim();
    if (url !== '' && !url.startsWith('#')) yield { url, line };
  }
}

/** The bytes of each line, without its end. */
async function* lines(input: Readable, name: string): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  let count = 0;
  for await (const chunk of input as AsyncIterable<Buffer | string>) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    let data = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    for (let end = data.indexOf(NEWLINE); end !== -1; end = data.indexOf(NEWLINE)) {
      count += 1;
      yield data.subarray(0, end);
      data = data.subarray(end + 1);
    }
    if (data.length > LINE_BYTES_MAX)
      throw notAList(name, count + 1, `is longer than ${LINE_BYTES_MAX} bytes`);
    rest = Buffer.from(data);
  }
  if (rest.length > 0) yield rest;
}

function decoded(bytes: Buffer, name: string, line: number): string {
  if (line === 1) refuseOtherEncodings(bytes, name);
  if (bytes.includes(NUL)) throw notAList(name, line, 'is no text');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw notAList(name, line, 'is no text in UTF-8');
  }
}

function refuseOtherEncodings(bytes: Buffer, name: string): void {
  const [first, second] = bytes;
  if (first === 0x1f && second === 0x8b)
    throw new AppError('INPUT_INVALID', `${name} is compressed with gzip; give it a name that ends in .gz.`);
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    throw new AppError('INPUT_INVALID', `${name} is written in UTF-16; save it as UTF-8.`);
}

function notAList(name: string, line: number, what: string): AppError {
  const message = `Line ${line} of ${name} ${what}; give a text file with one URL a line.`;
  return new AppError('INPUT_INVALID', message, { line });
}

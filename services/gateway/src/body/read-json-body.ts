import type { IncomingMessage } from 'node:http';
import { AppError } from '@cookie-scanner/errors';
import { decodeUtf8, readBody } from './read-body.ts';
import { parseStrictJson } from './strict-json.ts';
import { findUnstorableText } from './text-faults.ts';

const RULE = {
  types: ['application/json'],
  sizeBytesMax: 65_536,
  advice: 'Send JSON in UTF-8, with the header Content-Type: application/json.',
};

/**
 * Reads the JSON body of a request: `application/json` in UTF-8, plain or gzip.
 *
 * @throws AppError MEDIA_TYPE_UNSUPPORTED for another type, charset or encoding
 * @throws AppError BODY_TOO_LARGE above 64 KB, counted after decompression
 * @throws AppError JSON_INVALID when it is not JSON, names a key twice or is nested deeply
 * @throws AppError INPUT_INVALID when a text in it cannot be stored
 */
export async function readJsonBody(request: IncomingMessage): Promise<unknown> {
  return jsonOf((await readBody(request, RULE)).bytes);
}

/** The JSON value of a body that was read; throws as `readJsonBody` does. */
export function jsonOf(bytes: Uint8Array): unknown {
  const text = decodeUtf8(bytes);
  if (text === null) throw new AppError('JSON_INVALID', 'The body is not UTF-8.');
  const value = parseStrictJson(text);
  const pointer = findUnstorableText(value);
  if (pointer !== null) {
    const detail = 'contains the character NUL or half of a surrogate pair';
    throw new AppError('INPUT_INVALID', `A text in the body ${detail}.`, { errors: [{ pointer, detail }] });
  }
  return value;
}

import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { AppError } from '@cookie-scanner/errors';
import { parseStrictJson } from './strict-json.ts';
import { findUnstorableText } from './text-faults.ts';

/** Largest body, before and after decompression. */
const BODY_SIZE_BYTES_MAX = 65_536;
const LET_GO_BY_MS = 1_000;

/**
 * Reads the JSON body of a request: `application/json` in UTF-8, plain or gzip.
 *
 * @throws AppError MEDIA_TYPE_UNSUPPORTED for another type, charset or encoding
 * @throws AppError BODY_TOO_LARGE above 64 KB, counted after decompression
 * @throws AppError JSON_INVALID when it is not JSON, names a key twice or is nested deeply
 * @throws AppError INPUT_INVALID when a text in it cannot be stored
 */
export async function readJsonBody(request: IncomingMessage): Promise<unknown> {
  const bytes = await readBytes(request);
  const value = parseStrictJson(decodeUtf8(bytes));
  const pointer = findUnstorableText(value);
  if (pointer !== null) {
    const detail = 'contains the character NUL or half of a surrogate pair';
    throw new AppError('INPUT_INVALID', `A text in the body ${detail}.`, { errors: [{ pointer, detail }] });
  }
  return value;
}

function checkContentType(header: string | undefined): void {
  if (header !== undefined && /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(header.trim()))
    return;
  throw new AppError(
    'MEDIA_TYPE_UNSUPPORTED',
    'Send JSON in UTF-8, with the header Content-Type: application/json.',
  );
}

function contentEncoding(request: IncomingMessage): 'identity' | 'gzip' {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity' || encoding === 'gzip') return encoding;
  throw new AppError('MEDIA_TYPE_UNSUPPORTED', 'Only gzip is understood as Content-Encoding.');
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  try {
    checkContentType(request.headers['content-type']);
    const encoding = contentEncoding(request);
    if (Number(request.headers['content-length'] ?? 0) > BODY_SIZE_BYTES_MAX) throw tooLarge();
    return await decodeBytes(request, encoding);
  } catch (error) {
    await letGoBy(request);
    throw error;
  }
}

/**
 * Reads what is left of a refused body for a moment. A client that is still sending when the connection is closed
 * loses the answer with it.
 */
async function letGoBy(request: IncomingMessage): Promise<void> {
  request.resume();
  if (request.complete || request.destroyed) return;
  const signal = AbortSignal.timeout(LET_GO_BY_MS);
  await Promise.race(['end', 'close'].map((name) => once(request, name, { signal }))).catch(() => undefined);
}

async function decodeBytes(request: IncomingMessage, encoding: 'identity' | 'gzip'): Promise<Buffer> {
  if (encoding === 'identity') return collect(request, request);

  const gunzip = createGunzip();
  try {
    return await collect(request.pipe(gunzip), request);
  } finally {
    request.unpipe(gunzip);
    gunzip.destroy();
  }
}

/** Collects `source`, which is the request or decompresses it. */
function collect(source: Readable, request: IncomingMessage): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  const onAborted = (): void => {
    if (!request.complete) reject(new AppError('REQUEST_INVALID', 'The request ended before its body did.'));
  };
  const onData = (chunk: Buffer): void => {
    sizeBytes += chunk.length;
    if (sizeBytes <= BODY_SIZE_BYTES_MAX) chunks.push(chunk);
    else {
      source.off('data', onData);
      reject(tooLarge());
    }
  };
  source.on('data', onData);
  source.once('end', () => resolve(Buffer.concat(chunks)));
  source.once('error', () => {
    if (source === request) onAborted();
    else reject(new AppError('JSON_INVALID', 'The body is not valid gzip.'));
  });
  request.once('close', onAborted);
  return promise.finally(() => request.off('close', onAborted));
}

function decodeUtf8(bytes: Buffer): string {
  try {
    // A byte order mark is dropped.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new AppError('JSON_INVALID', 'The body is not UTF-8.');
  }
}

function tooLarge(): AppError {
  return new AppError('BODY_TOO_LARGE', `The body has more than ${BODY_SIZE_BYTES_MAX} bytes.`);
}

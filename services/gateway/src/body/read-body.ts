import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { AppError } from '@cookie-scanner/errors';

const LET_GO_BY_MS = 1_000;

/** What bodies a route takes. */
interface BodyRule {
  /** Media types, in small letters and without parameters. */
  readonly types: readonly string[];
  /** Largest body, before and after decompression. */
  readonly sizeBytesMax: number;
  /** Said of another type. */
  readonly advice: string;
}

/** A body as it arrived. */
interface Body {
  /** Which of the types it is. */
  readonly type: string;
  readonly bytes: Buffer;
}

/**
 * Reads the body of a request, plain or gzip.
 *
 * @throws AppError MEDIA_TYPE_UNSUPPORTED for another type, charset or encoding
 * @throws AppError BODY_TOO_LARGE, counted after decompression
 * @throws AppError JSON_INVALID when it is not valid gzip, REQUEST_INVALID when it ends early
 */
export async function readBody(request: IncomingMessage, rule: BodyRule): Promise<Body> {
  try {
    const type = mediaType(request.headers['content-type'], rule);
    const encoding = contentEncoding(request);
    if (Number(request.headers['content-length'] ?? 0) > rule.sizeBytesMax) throw tooLarge(rule.sizeBytesMax);
    return { type, bytes: await decodeBytes(request, encoding, rule.sizeBytesMax) };
  } catch (error) {
    await letGoBy(request);
    throw error;
  }
}

/** The text of UTF-8, without a byte order mark; null when it is something else. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function mediaType(header: string | undefined, { types, advice }: BodyRule): string {
  const parts = /^([\w.+/-]+)\s*(?:;\s*charset="?utf-8"?\s*)?$/i.exec(header?.trim() ?? '');
  const type = parts?.[1]?.toLowerCase();
  if (type !== undefined && types.includes(type)) return type;
  throw new AppError('MEDIA_TYPE_UNSUPPORTED', advice);
}

function contentEncoding(request: IncomingMessage): 'identity' | 'gzip' {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity' || encoding === 'gzip') return encoding;
  throw new AppError('MEDIA_TYPE_UNSUPPORTED', 'Only gzip is understood as Content-Encoding.');
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

async function decodeBytes(
  request: IncomingMessage,
  encoding: 'identity' | 'gzip',
  sizeBytesMax: number,
): Promise<Buffer> {
  if (encoding === 'identity') return collect(request, request, sizeBytesMax);

  const gunzip = createGunzip();
  try {
    return await collect(request.pipe(gunzip), request, sizeBytesMax);
  } finally {
    request.unpipe(gunzip);
    gunzip.destroy();
  }
}

/** Collects `source`, which is the request or decompresses it. */
function collect(source: Readable, request: IncomingMessage, sizeBytesMax: number): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  const onAborted = (): void => {
    if (!request.complete) reject(new AppError('REQUEST_INVALID', 'The request ended before its body did.'));
  };
  const onData = (chunk: Buffer): void => {
    sizeBytes += chunk.length;
    if (sizeBytes <= sizeBytesMax) chunks.push(chunk);
    else {
      source.off('data', onData);
      reject(tooLarge(sizeBytesMax));
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

function tooLarge(sizeBytesMax: number): AppError {
  return new AppError('BODY_TOO_LARGE', `The body has more than ${sizeBytesMax} bytes.`);
}

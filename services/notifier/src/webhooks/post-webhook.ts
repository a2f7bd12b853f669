import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isAppError } from '@cookie-scanner/errors';
import { isPublicAddress, parseScanUrl } from '@cookie-scanner/url-policy';
import { guardedLookup, notPublic, type ResolveAll } from './guarded-lookup.ts';

/** What a receiver said, or why it said nothing. */
export type WebhookAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfterSeconds: number | null }
  | { readonly kind: 'failed'; readonly reason: string };

/** One call of a receiver. */
interface WebhookCall {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Calls receivers. Resolves also when one cannot be reached; rejects only when the signal aborts. */
export type PostWebhook = (call: WebhookCall, signal: AbortSignal) => Promise<WebhookAnswer>;

interface PostOptions {
  /** Accept private addresses (setting `SCAN_ALLOW_PRIVATE_NETWORKS`). */
  readonly allowPrivateNetworks: boolean;
  /** Accept receivers without TLS (setting `WEBHOOK_ALLOW_HTTP`). */
  readonly allowHttp: boolean;
  /** For the whole call: connection, sending, answer. */
  readonly timeoutMs: number;
  /** For tests. */
  readonly resolveAll?: ResolveAll;
}

const BODY_READ_BYTES_MAX = 65_536;
const HEADERS_SIZE_BYTES_MAX = 16_384;
const REASON_LENGTH_MAX = 300;

/**
 * Prepares calling receivers, whose addresses strangers chose: they are judged again for every call, as they were when they
 * were given, and so is what their names lead to. Redirects are not followed, and of the answer only the status counts.
 */
export function createPostWebhook(options: PostOptions): PostWebhook {
  return async (call, signal) => {
    const timeout = AbortSignal.timeout(options.timeoutMs);
    try {
      const answer = await send(call, options, AbortSignal.any([signal, timeout]));
      await readBounded(answer);
      const status = answer.statusCode ?? 0;
      return { kind: 'answered', status, retryAfterSeconds: retryAfterOf(answer) };
    } catch (error) {
      signal.throwIfAborted();
      if (timeout.aborted) return failed(`no answer within ${options.timeoutMs} ms`);
      return failed(reasonOf(error));
    }
  };
}

function send(
  { url, headers, body }: WebhookCall,
  { allowPrivateNetworks, allowHttp, resolveAll }: PostOptions,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const target = parseScanUrl(url, { allowPrivateNetworks });
  if (target.protocol === 'http:' && !allowHttp) throw new Error('the address does not begin with https');
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request = (target.protocol === 'https:' ? httpsRequest : httpRequest)(target, {
    method: 'POST',
    headers: { ...headers, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) },
    // A connection of its own for each call: one that was judged for another call is not used.
    agent: false,
    maxHeaderSize: HEADERS_SIZE_BYTES_MAX,
    signal,
    ...(allowPrivateNetworks ? {} : { lookup: guardedLookup(resolveAll) }),
  });
  if (!allowPrivateNetworks) judgePeer(request);
  request.once('response', resolve).once('error', reject).end(body);
  return promise;
}

/** Once more at the other end of the connection, before anything is written to it. */
function judgePeer(request: ClientRequest): void {
  request.once('socket', (socket) => {
    socket.once('connect', () => {
      if (!isPublicAddress(socket.remoteAddress ?? '')) request.destroy(notPublic());
    });
  });
}

/** Reads what a well-behaved receiver says, so that it can end its answer, and hangs up on everybody else. */
async function readBounded(answer: IncomingMessage): Promise<void> {
  let sizeBytes = 0;
  try {
    for await (const chunk of answer) {
      sizeBytes += (chunk as Buffer).length;
      if (sizeBytes > BODY_READ_BYTES_MAX) break;
    }
  } catch {
    // The status has been said; how the rest of the answer ends changes nothing about it.
  } finally {
    answer.destroy();
  }
}

function retryAfterOf({ headers }: IncomingMessage): number | null {
  const text = headers['retry-after'];
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null;
}

function reasonOf(error: unknown): string {
  if (isAppError(error)) return error.message;
  const { code } = error as { code?: unknown };
  const message = error instanceof Error ? error.message : String(error);
  // Messages of the network name addresses; the code alone says what is to be known.
  return typeof code === 'string' ? `the connection failed: ${code}` : message;
}

function failed(reason: string): WebhookAnswer {
  return { kind: 'failed', reason: reason.slice(0, REASON_LENGTH_MAX) };
}

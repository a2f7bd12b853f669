const CONNECTION_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** What ioredis says where it gives no code. */
const CONNECTION_MESSAGES =
  /Connection is closed|Stream isn't writeable|Command timed out|Command aborted due to connection close|max retries per request|Socket timeout/;

/**
 * True when an error only says that Redis is not reachable right now.
 *
 * Every user of a shared connection is told of its errors; the owner of the connections logs them, once, and the
 * others leave them alone.
 */
export function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string' && CONNECTION_CODES.has(error.code)) return true;
  return CONNECTION_MESSAGES.test(error.message);
}

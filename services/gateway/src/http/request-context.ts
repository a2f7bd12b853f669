import type { ServerResponse } from 'node:http';
import type { Caller } from '@cookie-scanner/auth';
import type { Logger } from '@cookie-scanner/observability';

/** What belongs to one request from its first middleware to its last log line. */
export interface RequestContext {
  readonly requestId: string;
  /** Carries the request id, and the scan id once it is known. */
  log: Logger;
  /** Who sends it, once that is known. */
  caller: Caller | null;
  /** The workspace it is about, once the caller was let in. */
  workspaceId: string | null;
}

const contexts = new WeakMap<ServerResponse, RequestContext>();

/** Attaches the context to the request that this response answers. */
export function setContext(response: ServerResponse, context: RequestContext): void {
  contexts.set(response, context);
}

/**
 * The context of the request that this response answers.
 *
 * @throws Error when the request-id middleware did not run
 */
export function contextOf(response: ServerResponse): RequestContext {
  const context = contexts.get(response);
  if (!context) throw new Error('the request has no context: requestId() must be the first middleware');
  return context;
}

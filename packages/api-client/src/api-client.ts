import createClient, { type Client } from 'openapi-fetch';
import type { paths } from './generated/schema.ts';

const ANSWER_TIMEOUT_MS = 30_000;

/** Which gateway, and who asks. */
export interface ApiClientOptions {
  /** Where the gateway is, such as `http://127.0.0.1:8001`. */
  readonly url: string;
  /** An API key, or the access token of a login. Without it only what is public answers. */
  readonly token?: string;
  /** The workspace that is meant, for people who are in several; a key knows its own. */
  readonly workspaceId?: string;
  /** Ends every call when it fires. */
  readonly signal?: AbortSignal;
  /** For how long an answer may take to begin, in milliseconds; 30 s unless told. How long it then flows does not matter. */
  readonly answerTimeoutMs?: number;
}

/** The API, operation by operation: `GET`, `POST` and so on take a path and what belongs to it, all of it typed. */
export type ApiClient = Client<paths>;

/**
 * A client of the gateway at this address. Its calls resolve to `{ data, error, response }`; see `dataOf` for those who
 * would rather catch. They reject when there is no answer at all, and with the reason of a signal that fires.
 *
 * @see https://openapi-ts.dev/openapi-fetch/
 */
export function apiClient(options: ApiClientOptions): ApiClient {
  const { url, token, workspaceId } = options;
  return createClient<paths>({
    baseUrl: `${url.replace(/\/+$/, '')}/api/v1`,
    headers: {
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(workspaceId === undefined ? {} : { 'X-Workspace-Id': workspaceId }),
    },
    fetch: (request) => send(request, options),
  });
}

async function send(
  request: Request,
  { signal, answerTimeoutMs = ANSWER_TIMEOUT_MS }: ApiClientOptions,
): Promise<Response> {
  const silence = new AbortController();
  const timer = setTimeout(
    () => silence.abort(new Error(`no answer within ${answerTimeoutMs} ms`)),
    answerTimeoutMs,
  );
  const signals = [request.signal, silence.signal, ...(signal ? [signal] : [])];
  try {
    return await fetch(request, { signal: AbortSignal.any(signals) });
  } finally {
    clearTimeout(timer);
  }
}

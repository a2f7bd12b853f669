import { bulkScanAnswerSchema, scanResultSchema } from '@cookie-scanner/contracts';
import type { ExpectedEnd, History } from '../checker/history.ts';

/** What the platform answered, and how long that took. */
export interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly text: string;
  readonly durationMs: number;
}

/** A client of the platform that remembers what it was told. */
export interface ApiClient {
  /**
   * Sends a request below `/api/v1`. Null without an answer, which is right only while the gateway is away. An answer that
   * no fault excuses, such as a 500 or a 503 that does not say when to come again, is noted as a flaw.
   */
  request(path: string, init?: RequestInit, timeoutMs?: number): Promise<Answer | null>;
  /**
   * Submits a scan.
   *
   * @returns its id; null when it was not accepted, or nobody knows
   */
  submit(url: string, options?: SubmitOptions): Promise<string | null>;
  /** Submits many scans at once. True when they were accepted. */
  submitAll(urls: readonly string[]): Promise<boolean>;
}

interface SubmitOptions {
  readonly idempotencyKey?: string;
  readonly end?: ExpectedEnd;
}

interface ClientOptions {
  /** Where the gateway listens now; null while it does not. */
  readonly port: () => number | null;
  readonly apiKey: string;
  /** Whatever else each scan is asked for with. */
  readonly scanParams: Readonly<Record<string, unknown>>;
  readonly history: History;
}

/** Above every timeout of the gateway, also on a busy machine. */
const ANSWER_TIMEOUT_MS = 45_000;
const FINE = new Set([200, 202, 204]);
const EXCUSED = new Set([429, 503]);

/** Makes a client with a key of its own. */
export function apiClient({ port, apiKey, scanParams, history }: ClientOptions): ApiClient {
  async function request(
    path: string,
    init: RequestInit = {},
    timeoutMs = ANSWER_TIMEOUT_MS,
  ): Promise<Answer | null> {
    const openPort = port();
    if (openPort === null) return null;
    const startMs = performance.now();
    try {
      const response = await fetch(`http://127.0.0.1:${openPort}/api/v1${path}`, {
        ...init,
        headers: { Authorization: `Bearer ${apiKey}`, ...(init.headers as Record<string, string>) },
        signal: AbortSignal.timeout(timeoutMs),
      });
      const answer = {
        status: response.status,
        retryAfter: response.headers.get('retry-after'),
        text: await response.text(),
        durationMs: performance.now() - startMs,
      };
      noteFlaw(path, answer);
      return answer;
    } catch (error) {
      // The gateway is away, or its answer was lost.
      if (error instanceof Error && error.name === 'TimeoutError') {
        history.note(`${path} was not answered within ${timeoutMs} ms`);
      }
      return null;
    }
  }

  function noteFlaw(path: string, { status, retryAfter, text }: Answer): void {
    if (FINE.has(status) || (EXCUSED.has(status) && Number(retryAfter) > 0)) return;
    history.note(`${path} was answered ${status}, Retry-After ${retryAfter}: ${text.slice(0, 200)}`);
  }

  const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer | null> =>
    request(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });

  return {
    request,
    async submit(url, { idempotencyKey, end } = {}) {
      const headers = idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey };
      const answer = await post('/scans', { url, ...scanParams }, headers);
      if (answer?.status !== 202) {
        if (answer === null) history.lose(1);
        return null;
      }
      const { id } = scanResultSchema.parse(JSON.parse(answer.text));
      history.accept(id, end);
      return id;
    },
    async submitAll(urls) {
      const answer = await post('/scans/bulk', { urls, ...scanParams });
      if (answer === null) history.lose(urls.length);
      if (answer?.status !== 202) return false;
      const { batch } = bulkScanAnswerSchema.parse(JSON.parse(answer.text));
      history.acceptBatch(batch.id, batch.scanCount);
      return true;
    },
  };
}

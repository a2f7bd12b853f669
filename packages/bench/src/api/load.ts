import autocannon from 'autocannon';

/** A request to send again and again. */
export interface MeasuredRequest {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
}

/** What came of it. */
export interface Load {
  /** Answers, all of success. */
  readonly count: number;
  readonly perSecond: number;
  readonly p99Ms: number;
}

/**
 * Sends a request over so many connections for so many seconds.
 *
 * @throws Error when an answer is none of success: then the numbers would say nothing
 */
export async function load(
  url: string,
  { name, method, path, body }: MeasuredRequest,
  keys: readonly string[],
  { seconds, connections }: { seconds: number; connections: number },
): Promise<Load> {
  const result = await autocannon({
    url,
    duration: seconds,
    connections,
    requests: keys.map((key) => ({
      method,
      path: `/api/v1${path}`,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body }),
    })),
  });
  if (result.non2xx + result.errors > 0) {
    const statuses = Object.entries(result.statusCodeStats ?? {}).map(
      ([status, { count }]) => `${count ?? 0} × ${status}`,
    );
    throw new Error(`${name} at ${url}: ${statuses.join(', ')}; ${result.errors} requests failed`);
  }
  return { count: result['2xx'], perSecond: result.requests.average, p99Ms: result.latency.p99 };
}

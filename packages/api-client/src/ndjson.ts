/** A request body of many rows, to be spread into the options of a call. */
export type NdjsonBody = Readonly<{
  body: string;
  bodySerializer: (body: unknown) => unknown;
  headers: Readonly<Record<'Content-Type', string>>;
}>;

/**
 * URLs as the body of a bulk request, one on each line: `api.POST('/scans/bulk', ndjson(urls))`. A row that is no URL
 * is refused by itself and named in the answer.
 */
export function ndjson(urls: Iterable<string>): NdjsonBody {
  const lines = Array.from(urls, (url) => JSON.stringify({ url }));
  return {
    body: lines.join('\n'),
    // The client would write a string as JSON.
    bodySerializer: (body) => body,
    headers: { 'Content-Type': 'application/x-ndjson' },
  };
}

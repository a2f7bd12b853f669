import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { apiClient, type ApiClient } from './api-client.ts';
import { ApiProblem, dataOf } from './api-problem.ts';
import { itemsOf } from './items-of.ts';
import { ndjson } from './ndjson.ts';
import { watchScan, type ScanEvent } from './watch-scan.ts';

const SCAN_ID = '0190a0a0-0000-7000-8000-000000000000';
type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** What the server answers with, in turn; what it was asked. */
let answers: Answer[] = [];
let asked: { line: string; headers: IncomingMessage['headers']; body: string }[] = [];
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.once('end', () => {
    const body = Buffer.concat(chunks).toString();
    asked.push({ line: `${request.method ?? ''} ${request.url ?? ''}`, headers: request.headers, body });
    (answers.shift() ?? ((_request, left) => void left.writeHead(503).end()))(request, response, body);
  });
});
let url: string;
let api: ApiClient;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  api = apiClient({ url, token: 'cs_key', workspaceId: SCAN_ID });
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const json =
  (value: object, status = 200): Answer =>
  (_request, response) =>
    void response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
const scanIn = (status: string, reportState = 'ready') =>
  json({ id: SCAN_ID, status, reports: [{ state: reportState }] });
/** A stream of events; a broken one ends in the middle. */
const stream =
  (pieces: readonly string[], { isBroken = false } = {}): Answer =>
  (_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    for (const piece of pieces) response.write(piece);
    if (isBroken) setImmediate(() => response.destroy());
    else response.end();
  };
const progress = (id: number, stage: string) =>
  `id: ${id}\nevent: progress\ndata: ${JSON.stringify({ scanId: SCAN_ID, stage })}\n\n`;
const FINISHED = `id: finished\nevent: finished\ndata: ${JSON.stringify({ id: SCAN_ID, status: 'success' })}\n\n`;

async function watched(...script: Answer[]): Promise<string[]> {
  answers = script;
  asked = [];
  const seen: string[] = [];
  for await (const event of watchScan(api, SCAN_ID)) seen.push(textOf(event));
  return seen;
}
const textOf = ({ event, data }: ScanEvent): string => (event === 'progress' ? data.stage : data.status);

describe('a call', () => {
  it('says who asks, where, and what', async () => {
    answers = [json({ id: SCAN_ID }, 202)];
    asked = [];
    const scan = await dataOf(api.POST('/scans', { body: { url: 'https://shop.example/' } }));
    expect(scan.id).toBe(SCAN_ID);
    expect(asked).toMatchObject([
      {
        line: 'POST /api/v1/scans',
        headers: {
          authorization: 'Bearer cs_key',
          'x-workspace-id': SCAN_ID,
          'content-type': 'application/json',
        },
        body: '{"url":"https://shop.example/"}',
      },
    ]);
  });

  it('that is refused throws what the gateway said', async () => {
    const errors = [{ pointer: '#/url', detail: 'is no URL' }];
    const problem = { code: 'INPUT_INVALID', detail: 'The body …', requestId: 'r', errors };
    answers = [
      (_request, response) =>
        void response
          .writeHead(422, { 'Content-Type': 'application/problem+json', 'Retry-After': '7' })
          .end(JSON.stringify(problem)),
    ];
    const failure = await dataOf(api.POST('/scans', { body: { url: 'x' } })).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ApiProblem);
    expect(failure).toMatchObject({
      message: 'The body …',
      status: 422,
      code: 'INPUT_INVALID',
      requestId: 'r',
      errors,
      retryAfterSeconds: 7,
    });
  });

  it('that a proxy answers throws too', async () => {
    answers = [(_request, response) => void response.writeHead(502).end('<h1>Bad gateway</h1>')];
    await expect(dataOf(api.GET('/scans'))).rejects.toMatchObject({ status: 502, code: null });
  });

  it('ends when nothing comes, and when its signal fires', async () => {
    answers = [() => undefined, () => undefined];
    const impatient = apiClient({ url, answerTimeoutMs: 20 });
    await expect(impatient.GET('/scans')).rejects.toThrow('no answer within 20 ms');
    const interrupted = apiClient({ url, signal: AbortSignal.abort(new Error('interrupted')) });
    await expect(interrupted.GET('/scans')).rejects.toThrow('interrupted');
  });

  it('gets lists page by page, sends many rows as lines, and downloads bytes', async () => {
    const bytes: Answer = (_request, response) => void response.writeHead(200).end(Buffer.from([0, 255]));
    answers = [json({ items: [1, 2], nextCursor: 'c' }), json({ items: [3], nextCursor: null })];
    answers.push(json({}, 202), bytes);
    asked = [];
    const items: unknown[] = [];
    const params = (query: object) => ({ params: { query: { limit: 2, ...query } } });
    for await (const scan of itemsOf((after) => api.GET('/scans', params(after)))) items.push(scan);
    expect(items).toEqual([1, 2, 3]);
    await dataOf(api.POST('/scans/bulk', ndjson(['https://a.example/', 'https://b.example/'])));
    const path = { scanId: SCAN_ID, name: 'requests.har' };
    const file = await dataOf(
      api.GET('/scans/{scanId}/files/{name}', { params: { path }, parseAs: 'arrayBuffer' }),
    );
    expect([...new Uint8Array(file)]).toEqual([0, 255]);
    expect(asked.map(({ line }) => line)).toEqual([
      'GET /api/v1/scans?limit=2',
      'GET /api/v1/scans?limit=2&cursor=c',
      'POST /api/v1/scans/bulk',
      `GET /api/v1/scans/${SCAN_ID}/files/requests.har`,
    ]);
    expect(asked[2]).toMatchObject({
      headers: { 'content-type': 'application/x-ndjson' },
      body: '{"url":"https://a.example/"}\n{"url":"https://b.example/"}',
    });
  });
});

describe('watchScan', () => {
  it('tells every step, however it arrives, and ends with the finished scan', async () => {
    const whole = `${progress(1, 'claimed')}: heartbeat\n\n${progress(2, 'storing')}${FINISHED}`;
    expect(await watched(stream(Array.from(whole)))).toEqual(['claimed', 'storing', 'success']);
  });

  it('takes a broken stream up where it was', async () => {
    const script = [
      stream([progress(7, 'claimed')], { isBroken: true }),
      stream([progress(8, 'storing'), FINISHED]),
    ];
    expect(await watched(...script)).toEqual(['claimed', 'storing', 'success']);
    expect(asked.at(-1)?.headers['last-event-id']).toBe('7');
  });

  it('asks for the scan itself when there is no stream to be had', async () => {
    const script = [stream([]), scanIn('running'), stream([]), scanIn('success', 'queued')];
    expect(await watched(...script, stream([]), scanIn('success'))).toEqual(['success']);
  });

  it('ends at once for a scan that is not there, and when its signal fires', async () => {
    const refusal = json({ code: 'SCAN_NOT_FOUND', detail: 'no', requestId: 'r' }, 404);
    await expect(watched(refusal)).rejects.toMatchObject({ code: 'SCAN_NOT_FOUND' });
    answers = [() => undefined];
    const signal = AbortSignal.timeout(20);
    await expect(watchScan(api, SCAN_ID, { signal }).next()).rejects.toThrow('timeout');
  });

  it('gives up when the gateway stays away', async () => {
    const nobody = apiClient({ url: 'http://127.0.0.1:1' });
    await expect(watchScan(nobody, SCAN_ID, { awayMaxMs: 0 }).next()).rejects.toThrow('fetch failed');
  });
});

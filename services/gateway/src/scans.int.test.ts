import { randomUUID } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import {
  cookiePageSchema,
  scanParamsSchema,
  scanResultSchema,
  siteObservationSchema,
} from '@cookie-scanner/contracts';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { buildReport, claimScan, finishScan } from './testing/play-worker.ts';
import { problemBody } from './testing/problem-body.ts';
import { sendRaw } from './testing/raw-http.ts';
import { useTestGateway } from './testing/use-test-gateway.ts';
import type { TestGateway } from './testing/start-test-gateway.ts';

const used = useTestGateway();
let scanId: string;
beforeEach(async () => {
  const params = scanParamsSchema.parse({ mode: 'quick', timeoutMs: 60_000 });
  scanId = (await used.gateway.scans.create({ requestedUrl: 'https://shop.example/', params })).id;
});

const get = (path: string, init?: Parameters<TestGateway['fetch']>[1]) =>
  used.gateway.fetch(`/scans/${path}`, init);

async function expectProblem(response: Response, status: number, code: string) {
  const problem = problemBody(await response.text());
  expect([response.status, problem.code]).toEqual([status, code]);
  return problem;
}

describe('submitting a scan', () => {
  it('answers 202 with the scan and its path, and asks for the work in the same transaction', async () => {
    const response = await used.gateway.fetch(`/scans`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ url: 'https://shop.example', mode: 'deep', timeoutMs: 90_000 }),
    });
    expect(response.status).toBe(202);
    const scan = scanResultSchema.parse(await response.json());
    expect(scan).toMatchObject({
      requestedUrl: 'https://shop.example/',
      status: 'queued',
      attempt: 0,
      params: scanParamsSchema.parse({ mode: 'deep', timeoutMs: 90_000 }),
      reports: [],
    });
    expect(response.headers.get('location')).toBe(`/api/v1/scans/${scan.id}`);
    const events = await used.database.sql('SELECT payload FROM outbox_events WHERE payload @> $1', [
      { scanId: scan.id },
    ]);
    expect(events).toEqual([{ payload: { scanId: scan.id, offer: 0 } }]);
    expect(await (await get(scan.id)).json()).toEqual(scan);
  });

  it('fills in the defaults', async () => {
    const response = await used.gateway.fetch(`/scans`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"url":"https://shop.example"}',
    });
    expect(scanResultSchema.parse(await response.json()).params).toEqual(scanParamsSchema.parse({}));
  });
});

describe('showing a scan', () => {
  it('finds it under its id in any case', async () => {
    expect(scanResultSchema.parse(await (await get(scanId.toUpperCase())).json()).id).toBe(scanId);
  });

  it('follows it from queued to finished', async () => {
    const attempt = await claimScan(used.gateway, scanId);
    expect(await (await get(scanId)).json()).toMatchObject({ status: 'running', attempt: 1 });
    await finishScan(used.gateway, scanId, attempt, ['a', 'b']);
    await used.gateway.reports.createForScan(scanId, ['html', 'json']);
    expect(scanResultSchema.parse(await (await get(scanId)).json())).toMatchObject({
      status: 'success',
      totals: { cookies: 2 },
      reports: [
        { format: 'html', state: 'queued', url: `/api/v1/scans/${scanId}/reports/html` },
        { format: 'json', state: 'queued', url: `/api/v1/scans/${scanId}/reports/json` },
      ],
    });
  });
});

describe('listing cookies', () => {
  it('goes through all of them page by page', async () => {
    const names = Array.from({ length: 7 }, (_, n) => `cookie-${n}`);
    await finishScan(used.gateway, scanId, await claimScan(used.gateway, scanId), names);
    const seen: string[] = [];
    let query = '?limit=3';
    for (let page = 0; page < 3; page += 1) {
      const { items, nextCursor } = cookiePageSchema.parse(
        await (await get(`${scanId}/cookies${query}`)).json(),
      );
      seen.push(...items.map(({ name }) => name));
      query = `?limit=3&cursor=${encodeURIComponent(nextCursor ?? '')}`;
      if (nextCursor === null) break;
    }
    expect(seen.sort()).toEqual(names);
  });

  it('is empty while the scan has none, and 404 when there is no scan', async () => {
    expect(await (await get(`${scanId}/cookies`)).json()).toEqual({ items: [], nextCursor: null });
    await expectProblem(await get(`${randomUUID()}/cookies`), 404, 'SCAN_NOT_FOUND');
  });

  it.each([
    'limit=0',
    'limit=-1',
    'limit=201',
    'limit=1e2',
    'limit=abc',
    'limit=1.5',
    'limit=',
    'limit=1&limit=2',
    'limit[]=1',
    'cursor=',
    'cursor=%00'.replace('%00', '%01'),
    'cursor=nonsense',
    'cursor=00000000-0000-0000-0000-000000000000',
    `cursor=${'x'.repeat(501)}`,
    'page=1',
    '__proto__=1',
    'filter[$ne]=1',
  ])('refuses ?%s', async (query) => {
    await expectProblem(await get(`${scanId}/cookies?${query}`), 422, 'INPUT_INVALID');
  });
});

describe('downloading the observation', () => {
  it('answers 409 until the scan has ended, and says when to ask again', async () => {
    const response = await get(`${scanId}/observation`);
    expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
    await expectProblem(response, 409, 'SCAN_NOT_FINISHED');
  });

  it('answers 404 when the scan ended without one', async () => {
    const attempt = await claimScan(used.gateway, scanId);
    await used.gateway.scans.finishWithoutResult(scanId, {
      attempt,
      status: 'failed',
      statusReason: 'worker_crashed',
    });
    await expectProblem(await get(`${scanId}/observation`), 404, 'ARTIFACT_NOT_FOUND');
  });

  it('gives it to clients with and without gzip', async () => {
    const observation = await finishScan(used.gateway, scanId, await claimScan(used.gateway, scanId));
    const path = `/api/v1/scans/${scanId}/observation`;
    const response = await get(`${scanId}/observation`);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(siteObservationSchema.parse(await response.json())).toEqual(observation);

    const plain = await sendRaw(used.gateway, { path, headers: { 'Accept-Encoding': 'identity' } });
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.headers['vary']).toContain('Accept-Encoding');
    expect(plain.body).toContain('"shop.example"');
    const packed = await sendRaw(used.gateway, {
      path,
      method: 'HEAD',
      headers: { 'Accept-Encoding': 'gzip' },
    });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(packed.body).toBe('');
  });

  it('answers 304 to a client that has it', async () => {
    await finishScan(used.gateway, scanId, await claimScan(used.gateway, scanId));
    const path = `/api/v1/scans/${scanId}/observation`;
    const { etag = '' } = (await sendRaw(used.gateway, { path })).headers;
    const again = await sendRaw(used.gateway, { path, headers: { 'If-None-Match': etag } });
    expect([again.status, again.body]).toEqual([304, '']);
  });

  it('answers 404 when the file is gone, and nothing of its headers is left', async () => {
    await finishScan(used.gateway, scanId, await claimScan(used.gateway, scanId));
    await used.gateway.artifacts.delete(`scans/${scanId}`);
    const response = await get(`${scanId}/observation`);
    expect(response.headers.get('etag')).toBeNull();
    expect(response.headers.get('cache-control')).toBe('no-store');
    await expectProblem(response, 404, 'ARTIFACT_NOT_FOUND');
  });

  it('breaks off rather than giving half of it as a whole when the file is damaged', async () => {
    await finishScan(
      used.gateway,
      scanId,
      await claimScan(used.gateway, scanId),
      Array.from({ length: 2_000 }, (_, n) => `c${n}`),
    );
    const key = `scans/${scanId}/1/observation.json.gz`;
    const bytes = await used.gateway.artifacts.get(key);
    expect(gunzipSync(bytes).length).toBeGreaterThan(500_000);
    await used.gateway.artifacts.put(key, bytes.subarray(0, bytes.length - 20));
    const answer = await sendRaw(used.gateway, {
      path: `/api/v1/scans/${scanId}/observation`,
      headers: { 'Accept-Encoding': 'identity' },
    });
    expect(answer.headers['transfer-encoding']).toBe('chunked');
    expect(answer.body.endsWith('0\r\n\r\n')).toBe(false);
  });
});

describe('downloading a report', () => {
  it('answers 409 while it is not ready, and says when to ask again', async () => {
    for (const step of ['queued', 'finished', 'recorded']) {
      if (step === 'finished') await finishScan(used.gateway, scanId, await claimScan(used.gateway, scanId));
      if (step === 'recorded') await used.gateway.reports.createForScan(scanId, ['html', 'json']);
      const response = await get(`${scanId}/reports/html`);
      expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
      await expectProblem(response, 409, 'REPORT_NOT_READY');
    }
  });

  it('shows the HTML report where nothing in it can run, load or send', async () => {
    await finishScan(used.gateway, scanId, await claimScan(used.gateway, scanId));
    await buildReport(used.gateway, scanId, 'html', '<!doctype html><title>Report</title>');
    const response = await get(`${scanId}/reports/html`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox",
    );
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await response.text()).toBe('<!doctype html><title>Report</title>');
  });

  it('gives the JSON report', async () => {
    await finishScan(used.gateway, scanId, await claimScan(used.gateway, scanId));
    await buildReport(used.gateway, scanId, 'json', '{"a":1}');
    const response = await get(`${scanId}/reports/json`);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await response.json()).toEqual({ a: 1 });
  });

  it('answers 404 when it could not be built, when there is nothing to report on, and for other formats', async () => {
    await finishScan(used.gateway, scanId, await claimScan(used.gateway, scanId));
    await used.gateway.reports.createForScan(scanId, ['html', 'json']);
    const report = await used.gateway.reports.findByScan(scanId, 'html');
    await used.gateway.reports.markFailed(report?.id ?? '', 'canary');
    const problem = await expectProblem(await get(`${scanId}/reports/html`), 404, 'REPORT_NOT_FOUND');
    expect(problem.detail).not.toContain('canary');
    await expectProblem(await get(`${scanId}/reports/exe`), 404, 'REPORT_NOT_FOUND');
    await expectProblem(await get(`${randomUUID()}/reports/html`), 404, 'SCAN_NOT_FOUND');
  });

  it('answers 404 for a scan that ended without anything', async () => {
    const attempt = await claimScan(used.gateway, scanId);
    await used.gateway.scans.finishWithoutResult(scanId, {
      attempt,
      status: 'failed',
      statusReason: 'worker_crashed',
    });
    await expectProblem(await get(`${scanId}/reports/json`), 404, 'REPORT_NOT_FOUND');
  });
});

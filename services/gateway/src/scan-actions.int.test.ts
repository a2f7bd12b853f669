import { randomUUID } from 'node:crypto';
import { scanPageSchema, scanResultSchema } from '@cookie-scanner/contracts';
import { describe, expect, it } from '@jest/globals';
import { buildReport, claimScan, finishScan } from './testing/play-worker.ts';
import { problemBody } from './testing/problem-body.ts';
import { readEvents } from './testing/read-events.ts';
import { useTestGateway } from './testing/use-test-gateway.ts';

const used = useTestGateway();

const submit = async (url = 'https://shop.example/') =>
  (await used.gateway.scans.create({ requestedUrl: url, params: { mode: 'deep' } })).id;
const act = (scanId: string, action: string) =>
  used.gateway.fetch(`/scans/${scanId}/${action}`, { method: 'POST' });
const remove = (scanId: string) => used.gateway.fetch(`/scans/${scanId}`, { method: 'DELETE' });

async function refusal(response: Response): Promise<[number, string]> {
  return [response.status, problemBody(await response.text()).code];
}

describe('cancelling', () => {
  it('ends a scan that waits, once and for all, and whoever watches it sees the end', async () => {
    const scanId = await submit();
    const events = readEvents(await used.gateway.fetch(`/scans/${scanId}/events`));
    await events.next();
    for (let time = 0; time < 2; time += 1) {
      const response = await act(scanId, 'cancel');
      expect(scanResultSchema.parse(await response.json())).toMatchObject({
        status: 'cancelled',
        attempt: 0,
      });
    }
    let last: unknown;
    for await (const event of events) last = event;
    expect(last).toMatchObject({ name: 'finished', data: { status: 'cancelled' } });
    expect(
      await used.gateway.scans.claim(scanId, { workerId: 'w', leaseMs: 1_000, attemptsMax: 3 }),
    ).not.toMatchObject({
      kind: 'claimed',
    });
    const logs = await used.database.sql('SELECT action FROM audit_logs WHERE target_id = $1', [scanId]);
    expect(logs).toEqual([{ action: 'scan.cancel' }]);
  });

  it('takes a running scan from its worker, whose result is refused', async () => {
    const scanId = await submit();
    const attempt = await claimScan(used.gateway, scanId);
    expect((await act(scanId, 'cancel')).status).toBe(200);
    expect(await used.gateway.scans.renewLease(scanId, { attempt, leaseMs: 1_000 })).toBe(false);
    await finishScan(used.gateway, scanId, attempt);
    expect((await used.gateway.scans.find(scanId))?.status).toBe('cancelled');
  });

  it('is too late for a scan that has ended, and nothing for one that is not there', async () => {
    const scanId = await submit();
    await finishScan(used.gateway, scanId, await claimScan(used.gateway, scanId));
    expect(await refusal(await act(scanId, 'cancel'))).toEqual([409, 'CONFLICT']);
    expect(await refusal(await act(randomUUID(), 'cancel'))).toEqual([404, 'SCAN_NOT_FOUND']);
  });
});

describe('repeating', () => {
  it('makes a new scan of the same URL with the same parameters', async () => {
    const scanId = await submit();
    expect(await refusal(await act(scanId, 'retry'))).toEqual([409, 'SCAN_NOT_FINISHED']);
    await act(scanId, 'cancel');
    const response = await act(scanId, 'retry');
    const scan = scanResultSchema.parse(await response.json());
    expect([response.status, response.headers.get('location')]).toEqual([202, `/api/v1/scans/${scan.id}`]);
    expect(scan).toMatchObject({ status: 'queued', params: { mode: 'deep' } });
    const [row] = await used.database.sql('SELECT retry_of, trigger FROM scan_results WHERE id = $1', [
      scan.id,
    ]);
    expect(row).toEqual({ retry_of: scanId, trigger: 'retry' });
  });
});

describe('deleting', () => {
  it('removes what was found and its files, of a scan that has ended', async () => {
    const scanId = await submit();
    expect(await refusal(await remove(scanId))).toEqual([409, 'SCAN_NOT_FINISHED']);
    await finishScan(used.gateway, scanId, await claimScan(used.gateway, scanId));
    await buildReport(used.gateway, scanId, 'html', '<!doctype html>');
    const report = await used.gateway.reports.findByScan(scanId, 'html');
    expect((await remove(scanId)).status).toBe(204);
    expect(await refusal(await remove(scanId))).toEqual([404, 'SCAN_NOT_FOUND']);
    expect(await used.database.sql('SELECT FROM cookies WHERE scan_id = $1', [scanId])).toEqual([]);
    for (const key of [`scans/${scanId}/1/observation.json.gz`, report?.artifact?.key ?? '']) {
      await expect(used.gateway.artifacts.get(key)).rejects.toMatchObject({ code: 'ARTIFACT_NOT_FOUND' });
    }
  });
});

describe('listing', () => {
  it('goes through all scans once, while others are submitted', async () => {
    const ids = new Set<string>();
    for (let count = 0; count < 7; count += 1) ids.add(await submit('https://listed.example/'));
    const seen: string[] = [];
    for (let query: string | null = '?limit=3'; query !== null;) {
      const page = scanPageSchema.parse(await (await used.gateway.fetch(`/scans${query}`)).json());
      seen.push(...page.items.map(({ id }) => id));
      await submit();
      query = page.nextCursor === null ? null : `?limit=3&cursor=${encodeURIComponent(page.nextCursor)}`;
    }
    expect(new Set(seen).size).toBe(seen.length);
    for (const id of ids) expect(seen).toContain(id);
  });

  it('shows those for which every filter holds', async () => {
    const scanId = await submit('https://one.example/');
    await submit('https://one.example/');
    await act(scanId, 'cancel');
    const list = async (query: string) =>
      scanPageSchema.parse(await (await used.gateway.fetch(`/scans?${query}`)).json()).items;
    expect((await list('status=cancelled&limit=200')).every(({ status }) => status === 'cancelled')).toBe(
      true,
    );
    expect((await list('domain=ONE.example&status=cancelled&mode=deep')).map(({ id }) => id)).toEqual([
      scanId,
    ]);
    expect(await list('domain=one.example')).toHaveLength(2);
    for (const none of ['mode=quick', 'trigger=bulk', 'label=x', 'until=2026-01-01T00:00:00Z']) {
      expect([none, await list(`domain=one.example&${none}`)]).toEqual([none, []]);
    }
    const site = { domain: 'one.example', startUrls: ['https://one.example/'], labels: ['x', 'y'] };
    const headers = { 'Content-Type': 'application/json' };
    await used.gateway.fetch('/domains', { method: 'POST', headers, body: JSON.stringify(site) });
    expect(await list('label=x&from=2026-01-01T00:00:00Z')).toHaveLength(2);
  });

  it.each([
    'status=done',
    'status=queued&status=running',
    'domain=a/b',
    'mode=all',
    'label=A%20b',
    'batchId=1',
    'from=yesterday',
    'from=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z',
    'sort=password',
    'limit=0',
    'limit=201',
    'cursor=nonsense',
    'page=2',
    'filter[$ne]=1',
    'fields=*',
  ])('refuses ?%s', async (query) => {
    expect(await refusal(await used.gateway.fetch(`/scans?${query}`))).toEqual([422, 'INPUT_INVALID']);
  });
});

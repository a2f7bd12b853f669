import {
  cookieSightingPageSchema,
  queueSummarySchema,
  scanCountsSchema,
  storageItemPageSchema,
  topListSchema,
  trendDataSchema,
  type Setter,
} from '@cookie-scanner/contracts';
import { sampleCookie } from '@cookie-scanner/contracts/testing';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { analysedScan } from './testing/analysed-scan.ts';
import { claimScan, finishScan } from './testing/play-worker.ts';
import { problemBody } from './testing/problem-body.ts';
import { bearer, testAccounts } from './testing/test-accounts.ts';
import { useTestGateway } from './testing/use-test-gateway.ts';

const used = useTestGateway();
let scanId: string;

beforeAll(async () => {
  scanId = await analysedScan(used.gateway, ['_fbp', '_ga', '_ga_X1', 'PHPSESSID', '100%_\\']);
});

const get = (path: string) => used.gateway.fetch(path);
const refusal = async (response: Response) => [response.status, problemBody(await response.text()).code];

describe('searching cookies over all scans', () => {
  const search = async (query: string) =>
    cookieSightingPageSchema.parse(await (await get(`/cookies?${query}`)).json());
  const names = async (query: string) => (await search(query)).items.map(({ name }) => name).sort();

  it('finds them by name, by the beginning of it, by category and by setter', async () => {
    expect(await names('name=_ga')).toEqual(['_ga']);
    expect(await names('name=_ga*')).toEqual(['_ga', '_ga_X1']);
    expect(await names('category=marketing')).toEqual(['_fbp']);
    expect(await names('category=analytics&name=_g*')).toEqual(['_ga', '_ga_X1']);
    const { url } = sampleCookie({}).setBy;
    const setter = new URL(url ?? '').hostname.toUpperCase();
    expect(await names(`setByHost=${setter}`)).toHaveLength(5);
    expect(await names('domain=shop.example&party=third')).toEqual([]);
    const [found] = (await search('name=_fbp')).items;
    expect(found).toMatchObject({ domain: 'shop.example', firstScanId: scanId, lastScanId: scanId });
  });

  it.each(['%', '_', '_g_', '\\', "'", '"', '(', '(a+)+$', "' OR 1=1 --", 'x'.repeat(500), '%*'])(
    'takes %s as it is written',
    async (text) => {
      expect(await names(`name=${encodeURIComponent(text)}`)).toEqual([]);
    },
  );

  it('finds a name full of signs that mean something elsewhere', async () => {
    expect(await names(`name=${encodeURIComponent('100%_\\')}`)).toEqual(['100%_\\']);
    expect(await names(`name=${encodeURIComponent('100%*')}`)).toEqual(['100%_\\']);
  });

  it('bounds when they were first and last seen', async () => {
    expect(
      await names('firstSeenFrom=2026-01-01T00:00:00Z&lastSeenFrom=2026-01-01T00:00:00%2B02:00'),
    ).toHaveLength(5);
    expect(await names('firstSeenUntil=2026-01-01T00:00:00Z')).toEqual([]);
    expect(await names('lastSeenUntil=0001-01-01T00:00:00Z')).toEqual([]);
  });

  it('turns pages without showing one twice, while scans see them again', async () => {
    const seen: string[] = [];
    for (let query: string | null = 'limit=2'; query !== null;) {
      const { items, nextCursor } = await search(query);
      seen.push(...items.map(({ id }) => id));
      await analysedScan(used.gateway, ['_fbp', '_ga']);
      query = nextCursor === null ? null : `limit=2&cursor=${nextCursor}`;
    }
    expect(seen).toHaveLength(5);
    expect(new Set(seen).size).toBe(5);
  });

  it.each([
    'category=x',
    'party=second',
    'name=',
    'sort=name',
    'firstSeenFrom=1',
    'name[]=x',
    `name=${'x'.repeat(501)}`,
  ])('refuses ?%s', async (query) => {
    expect(await refusal(await get(`/cookies?${query}`))).toEqual([422, 'INPUT_INVALID']);
  });

  it('shows nothing of another workspace', async () => {
    const accounts = testAccounts(used.gateway, used.database);
    const stranger = await accounts.addPerson();
    await accounts.join(await accounts.addWorkspace(), stranger, 'Admin');
    const headers = bearer(await accounts.signIn(stranger));
    const answer = await used.gateway.fetch('/cookies', { headers });
    expect(await answer.json()).toEqual({ items: [], nextCursor: null });
    const top = await used.gateway.fetch('/analytics/top?kind=cookies', { headers });
    expect(await top.json()).toEqual({ kind: 'cookies', items: [] });
  });
});

describe('the storage of a scan', () => {
  it('comes page by page in the order in which it was seen', async () => {
    const { id } = await used.gateway.scans.create({ requestedUrl: 'https://stored.example/', params: {} });
    const setBy: Setter = {
      kind: 'javascript',
      url: 'https://stored.example/a.js',
      initiators: [],
      confidence: 'observed',
    };
    const storage = ['a', 'b', 'c'].map((key) => ({
      ...{
        kind: 'local' as const,
        origin: 'https://stored.example',
        key,
        sizeBytes: 3,
        valueShape: null,
        consentStates: [],
        setBy,
      },
    }));
    await finishScan(used.gateway, id, await claimScan(used.gateway, id), [], { storage });
    const first = storageItemPageSchema.parse(await (await get(`/scans/${id}/storage?limit=2`)).json());
    const rest = await get(`/scans/${id}/storage?limit=2&cursor=${first.nextCursor ?? ''}`);
    const { items, nextCursor } = storageItemPageSchema.parse(await rest.json());
    expect([...first.items, ...items].map(({ key }) => key)).toEqual(['a', 'b', 'c']);
    expect(nextCursor).toBeNull();
    expect(items[0]?.setBy).toEqual(setBy);
  });
});

describe('analytics', () => {
  const SPAN = 'from=2026-01-01T00:00:00Z&until=2026-03-01T00:00:00Z';
  beforeAll(async () => {
    await used.database.sql(
      `INSERT INTO scan_results (requested_url, domain, params, status, queued_at, finished_at, totals, metrics)
       SELECT 'https://old.example/', 'old.example', '{}', 'failed', at, at, '{"cookies": 4}', score FROM (VALUES
         ('2026-01-05T10:00:00Z'::timestamptz, '{"score": 80, "findingsBySeverity": {"high": 2, "low": 1}}'::jsonb),
         ('2026-01-06T10:00:00Z', '{"score": 60, "findingsBySeverity": {}}'), ('2026-02-01T00:00:00Z', NULL)
       ) AS scan (at, score)`,
    );
  });

  it('counts scans over time without gaps', async () => {
    const { points } = scanCountsSchema.parse(await (await get(`/analytics/scans?step=week&${SPAN}`)).json());
    expect(points[0]?.from).toBe('2025-12-29T00:00:00.000Z');
    expect(points).toHaveLength(9);
    expect(points.map(({ counts }) => counts.failed)).toEqual([0, 2, 0, 0, 1, 0, 0, 0, 0]);
  });

  it('follows the score and other numbers of one site or all', async () => {
    const follow = async (query: string) =>
      trendDataSchema.parse(await (await get(`/analytics/trends?step=month&${SPAN}&${query}`)).json()).points;
    expect(await follow('metric=score')).toEqual([
      { from: '2026-01-01T00:00:00.000Z', value: 70, scanCount: 2 },
      { from: '2026-02-01T00:00:00.000Z', value: null, scanCount: 0 },
    ]);
    expect((await follow('metric=findings&domain=old.example'))[0]).toMatchObject({ value: 3 });
    expect((await follow('metric=cookies')).map(({ value }) => value)).toEqual([4, 4]);
    expect((await follow('metric=cookies&domain=other.example'))[0]?.value).toBeNull();
  });

  it('lists what most sites have', async () => {
    const top = async (kind: string) =>
      topListSchema.parse(await (await get(`/analytics/top?kind=${kind}&limit=50`)).json()).items;
    expect(await top('cookies')).toContainEqual({ name: '_ga', siteCount: 1, cookieCount: 1 });
    expect((await top('vendors')).length).toBeGreaterThan(0);
    expect(await top('third_parties')).toEqual([]);
  });

  it.each([
    'scans?step=year',
    'scans?from=2026-02-01T00:00:00Z&until=2026-01-01T00:00:00Z',
    'scans?from=1926-01-01T00:00:00Z',
    'scans?from=2226-01-01T00:00:00Z',
    'trends',
    'trends?metric=password',
    'trends?metric=score&until=0000-01-01T00:00:00Z',
    'trends?metric=score&until=9999-12-31T23:59:59-23:59',
    'top?kind=users',
    'top?kind=cookies&limit=0',
  ])('refuses %s', async (path) => {
    expect(await refusal(await get(`/analytics/${path}`))).toEqual([422, 'INPUT_INVALID']);
  });
});

it('the summary of queues is for Admins of the platform, and names every queue', async () => {
  const accounts = testAccounts(used.gateway, used.database);
  const headers = bearer(await accounts.signIn(await accounts.addPerson(['Admin'])));
  const answer = await used.gateway.fetch('/queues', { headers });
  const { items } = queueSummarySchema.parse(await answer.json());
  expect(items.find(({ name }) => name === 'scan-site')).toMatchObject({
    isPaused: false,
    counts: { waiting: 0 },
  });
  expect((await get('/queues')).status).toBe(403);
});

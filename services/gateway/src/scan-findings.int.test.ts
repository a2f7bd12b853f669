import { analyseObservation } from '@cookie-scanner/analysis';
import {
  scanDiffSchema,
  scanFindingsSchema,
  scanParamsSchema,
  type SiteObservation,
} from '@cookie-scanner/contracts';
import { sampleCookie, sampleObservation, sampleTotals } from '@cookie-scanner/contracts/testing';
import { storeAnalysis } from '@cookie-scanner/database';
import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { loadKnowledge } from '@cookie-scanner/knowledge';
import { testRedis } from '@cookie-scanner/redis/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { claimScan } from './testing/play-worker.ts';
import { problemBody } from './testing/problem-body.ts';
import { startTestGateway, type TestGateway } from './testing/start-test-gateway.ts';

const redis = testRedis();
const knowledge = loadKnowledge();
let database: TestDatabase;
let gateway: TestGateway;

beforeAll(async () => {
  database = await createTestDatabase();
  gateway = await startTestGateway({ databaseUrl: database.url, redis });
});
afterAll(async () => {
  await gateway.close();
  await database.drop();
});

const get = (path: string): Promise<Response> => gateway.fetch(`/scans/${path}`);

async function expectProblem(response: Response, status: number, code: string): Promise<void> {
  expect([response.status, problemBody(await response.text()).code]).toEqual([status, code]);
}

async function newScan(): Promise<string> {
  const params = scanParamsSchema.parse({});
  return (await gateway.scans.create({ requestedUrl: 'https://shop.example/', params })).id;
}

/** A scan that saw these cookies, finished as a worker would. */
async function finishedScan(names: readonly string[]): Promise<{ id: string; observation: SiteObservation }> {
  const id = await newScan();
  const attempt = await claimScan(gateway, id);
  const observation = sampleObservation(names.map((name) => sampleCookie({ name, value: null })));
  const artifact = await gateway.artifacts.put(
    `scans/${id}/${attempt}/observation.json.gz`,
    gzipSync(JSON.stringify(observation)),
  );
  const result = {
    attempt,
    workerId: 'test-worker',
    observation,
    totals: sampleTotals(names.length),
    artifact,
  };
  await gateway.scans.finish(id, { ...result, valuesKept: false });
  return { id, observation };
}

/** The same, analysed as the report service would. */
async function analysedScan(names: readonly string[]): Promise<string> {
  const { id, observation } = await finishedScan(names);
  await storeAnalysis(gateway, id, analyseObservation(observation, knowledge));
  return id;
}

describe('the findings of a scan', () => {
  it('come with the metrics, the gravest first, page by page', async () => {
    const id = await analysedScan(['_fbp', '_ga', 'PHPSESSID', 'zq7']);
    const first = scanFindingsSchema.parse(await (await get(`${id}/findings?limit=2`)).json());
    expect(first.metrics).toMatchObject({ scanId: id, score: 80, cookiesBeforeConsent: 2 });
    expect(first.knowledgeVersion).toBe(knowledge.version);
    const cursor = encodeURIComponent(first.nextCursor ?? '');
    const second = scanFindingsSchema.parse(
      await (await get(`${id}/findings?limit=2&cursor=${cursor}`)).json(),
    );
    expect([...first.items, ...second.items].map(({ severity, title }) => `${severity}: ${title}`)).toEqual(
      expect.arrayContaining([
        'high: Marketing cookie _fbp is set before consent',
        'high: Analytics cookie _ga is set before consent',
        'info: It is not known what cookie zq7 is for',
      ]),
    );
    expect(second.items.at(-1)?.severity).toBe('info');
    expect(second.nextCursor).toBeNull();
  });

  it('are empty, without metrics, until the scan was analysed', async () => {
    const { id } = await finishedScan(['_fbp']);
    expect(await (await get(`${id}/findings`)).json()).toEqual({
      metrics: null,
      knowledgeVersion: null,
      items: [],
      nextCursor: null,
    });
  });

  it.each(['limit=0', 'limit=201', 'cursor=nonsense', 'severity=high'])('refuse ?%s', async (query) => {
    await expectProblem(await get(`${await newScan()}/findings?${query}`), 422, 'INPUT_INVALID');
  });

  it('are 404 for a scan that does not exist', async () => {
    await expectProblem(await get(`${randomUUID()}/findings`), 404, 'SCAN_NOT_FOUND');
  });
});

describe('the difference of two scans', () => {
  it('is what the site changed, with the category of what is new', async () => {
    const before = await analysedScan(['PHPSESSID', '_hjSession_1']);
    const after = await analysedScan(['PHPSESSID', '_hjSession_2', '_fbp']);
    const diff = scanDiffSchema.parse(await (await get(`${after}/diff?against=${before}`)).json());
    expect(diff.added).toMatchObject([{ name: '_fbp', category: 'marketing' }]);
    expect([diff.removed, diff.changed, diff.knowledgeChanged, diff.caveats]).toEqual([[], [], [], []]);
  });

  it('tells what we know better now from what the site changed', async () => {
    const { id: before } = await finishedScan(['_fbp']);
    const after = await analysedScan(['_fbp']);
    const diff = scanDiffSchema.parse(await (await get(`${after}/diff?against=${before}`)).json());
    expect([diff.added, diff.removed, diff.changed]).toEqual([[], [], []]);
    expect(diff.knowledgeChanged).toMatchObject([
      { cookie: { name: '_fbp' }, changes: [{ after: 'marketing' }] },
    ]);
  });

  it.each(['', 'against=x', 'against='])('refuses ?%s', async (query) => {
    await expectProblem(await get(`${await newScan()}/diff?${query}`), 422, 'INPUT_INVALID');
  });

  it('says which scan is missing or not finished', async () => {
    const id = await analysedScan(['a']);
    await expectProblem(await get(`${id}/diff?against=${randomUUID()}`), 404, 'SCAN_NOT_FOUND');
    await expectProblem(await get(`${id}/diff?against=${await newScan()}`), 409, 'SCAN_NOT_FINISHED');
  });
});

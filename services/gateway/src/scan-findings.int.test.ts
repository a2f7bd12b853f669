import { scanDiffSchema, scanFindingsSchema, storageItemPageSchema } from '@cookie-scanner/contracts';
import { loadKnowledge } from '@cookie-scanner/knowledge';
import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { analysedScan, finishedScan, newScan } from './testing/analysed-scan.ts';
import { problemBody } from './testing/problem-body.ts';
import { useTestGateway } from './testing/use-test-gateway.ts';

const knowledge = loadKnowledge();
const used = useTestGateway();

const get = (path: string): Promise<Response> => used.gateway.fetch(`/scans/${path}`);

async function expectProblem(response: Response, status: number, code: string): Promise<void> {
  expect([response.status, problemBody(await response.text()).code]).toEqual([status, code]);
}

describe('the findings of a scan', () => {
  it('come with the metrics, the gravest first, page by page', async () => {
    const id = await analysedScan(used.gateway, ['_fbp', '_ga', 'PHPSESSID', 'zq7']);
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
    const { id } = await finishedScan(used.gateway, ['_fbp']);
    expect(await (await get(`${id}/findings`)).json()).toEqual({
      metrics: null,
      knowledgeVersion: null,
      items: [],
      nextCursor: null,
    });
  });

  it.each(['limit=0', 'limit=201', 'cursor=nonsense', 'severity=high'])('refuse ?%s', async (query) => {
    await expectProblem(await get(`${await newScan(used.gateway)}/findings?${query}`), 422, 'INPUT_INVALID');
  });

  it('are 404 for a scan that does not exist', async () => {
    await expectProblem(await get(`${randomUUID()}/findings`), 404, 'SCAN_NOT_FOUND');
  });
});

describe('the storage of a scan', () => {
  it('is listed page by page, and is nothing of a scan that does not exist', async () => {
    const { id } = await finishedScan(used.gateway, ['a']);
    const page: unknown = await (await get(`${id}/storage?limit=1`)).json();
    expect(storageItemPageSchema.parse(page)).toEqual({ items: [], nextCursor: null });
    await expectProblem(await get(`${randomUUID()}/storage`), 404, 'SCAN_NOT_FOUND');
  });
});

describe('the difference of two scans', () => {
  it('is what the site changed, with the category of what is new', async () => {
    const before = await analysedScan(used.gateway, ['PHPSESSID', '_hjSession_1']);
    const after = await analysedScan(used.gateway, ['PHPSESSID', '_hjSession_2', '_fbp']);
    const diff = scanDiffSchema.parse(await (await get(`${after}/diff?against=${before}`)).json());
    expect(diff.added).toMatchObject([{ name: '_fbp', category: 'marketing' }]);
    expect([diff.removed, diff.changed, diff.knowledgeChanged, diff.caveats]).toEqual([[], [], [], []]);
    expect(diff.findings).toMatchObject({ added: [{ ruleId: 'cookie-before-consent' }], removed: [] });
  });

  it('tells what we know better now from what the site changed', async () => {
    const { id: before } = await finishedScan(used.gateway, ['_fbp']);
    const after = await analysedScan(used.gateway, ['_fbp']);
    const diff = scanDiffSchema.parse(await (await get(`${after}/diff?against=${before}`)).json());
    expect([diff.added, diff.removed, diff.changed]).toEqual([[], [], []]);
    expect(diff.knowledgeChanged).toMatchObject([
      { cookie: { name: '_fbp' }, changes: [{ after: 'marketing' }] },
    ]);
  });

  it.each(['', 'against=x', 'against='])('refuses ?%s', async (query) => {
    await expectProblem(await get(`${await newScan(used.gateway)}/diff?${query}`), 422, 'INPUT_INVALID');
  });

  it('says which scan is missing or not finished', async () => {
    const id = await analysedScan(used.gateway, ['a']);
    await expectProblem(await get(`${id}/diff?against=${randomUUID()}`), 404, 'SCAN_NOT_FOUND');
    await expectProblem(
      await get(`${id}/diff?against=${await newScan(used.gateway)}`),
      409,
      'SCAN_NOT_FINISHED',
    );
  });
});

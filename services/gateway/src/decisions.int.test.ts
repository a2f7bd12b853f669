import {
  categoryOverridePageSchema,
  findingSchema,
  scanFindingsSchema,
  type CategoryOverride,
  type Finding,
} from '@cookie-scanner/contracts';
import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { testRedis } from '@cookie-scanner/redis/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { analysedScan, newScan } from './testing/analysed-scan.ts';
import { buildReport } from './testing/play-worker.ts';
import { problemBody } from './testing/problem-body.ts';
import { startTestGateway, type TestGateway } from './testing/start-test-gateway.ts';

const redis = testRedis();
let database: TestDatabase;
let gateway: TestGateway;

beforeAll(async () => {
  database = await createTestDatabase();
  gateway = await startTestGateway({ databaseUrl: database.url, redis });
});
afterAll(async () => {
  await gateway.close();
  await database.drop();
  await redis.cleanup();
});

function send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const json = { headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
  return gateway.fetch(path, { method, ...(body === undefined ? {} : json) });
}

async function expectProblem(response: Response, status: number, code: string): Promise<void> {
  expect([response.status, problemBody(await response.text()).code]).toEqual([status, code]);
}

const auditOf = (id: string) =>
  database.sql<{ action: string; after: Record<string, unknown> | null }>(
    'SELECT action, after FROM audit_logs WHERE target_id = $1 ORDER BY sequence',
    [id],
  );

describe('a decision about a finding', () => {
  const findingsOf = async (scanId: string): Promise<Finding[]> =>
    scanFindingsSchema.parse(await (await send('GET', `/scans/${scanId}/findings`)).json()).items;
  const about = (findings: readonly Finding[], name: string): Finding => {
    const found = findings.find(({ evidence }) => evidence.cookieName === name);
    if (!found) throw new Error(`nothing was found about ${name}`);
    return found;
  };

  it('is kept with its reason, recorded, and holds in the next scan of the site', async () => {
    const { id } = about(await findingsOf(await analysedScan(gateway, ['_fbp', '_ga'])), '_fbp');
    const answer = await send('PATCH', `/findings/${id}`, {
      state: 'accepted',
      reason: 'Until the relaunch',
    });
    expect(findingSchema.parse(await answer.json())).toMatchObject({
      ...{ id, state: 'accepted', stateReason: 'Until the relaunch' },
    });
    expect(await auditOf(id)).toMatchObject([
      { action: 'finding.decide', after: { state: 'accepted', ruleId: 'cookie-before-consent' } },
    ]);
    const later = await findingsOf(await analysedScan(gateway, ['_fbp', '_ga']));
    expect(about(later, '_fbp')).toMatchObject({ state: 'accepted', stateReason: 'Until the relaunch' });
    expect(about(later, '_ga').state).toBe('open');
  });

  it('takes a reason to close, and is not made over somebody else’s', async () => {
    const { id } = about(await findingsOf(await analysedScan(gateway, ['fr'])), 'fr');
    const path = `/findings/${id}`;
    await expectProblem(await send('PATCH', path, { state: 'false_positive' }), 422, 'INPUT_INVALID');
    const tag = (await send('GET', path)).headers.get('etag') ?? '';
    const decide = (state: string) => send('PATCH', path, { state, reason: 'x' }, { 'If-Match': tag });
    expect((await decide('accepted')).status).toBe(200);
    await expectProblem(await decide('false_positive'), 412, 'PRECONDITION_FAILED');
    for (const unknown of [randomUUID(), 'x']) {
      const body = { state: 'open' };
      await expectProblem(await send('PATCH', `/findings/${unknown}`, body), 404, 'FINDING_NOT_FOUND');
    }
  });
});

describe('an override of a category', () => {
  const OVERRIDE = {
    ...{ name: '_own_', match: 'prefix', domain: 'shop.example', category: 'necessary' },
    reason: 'Our own cart.',
  };

  it('is laid down, replaced, listed and taken back, each time on record', async () => {
    const put = async (change: object): Promise<CategoryOverride> =>
      (await (
        await send('PUT', '/category-overrides', { ...OVERRIDE, ...change })
      ).json()) as CategoryOverride;
    const { id } = await put({});
    expect(await put({ category: 'functional' })).toMatchObject({ id, category: 'functional' });
    const list = categoryOverridePageSchema.parse(await (await send('GET', '/category-overrides')).json());
    expect(list.items).toMatchObject([{ id, name: '_own_', reason: 'Our own cart.' }]);
    expect((await send('DELETE', `/category-overrides/${id}`)).status).toBe(204);
    const again = await send('DELETE', `/category-overrides/${id}`);
    await expectProblem(again, 404, 'CATEGORY_OVERRIDE_NOT_FOUND');
    expect((await auditOf(id)).map(({ action }) => action)).toEqual([
      'category_override.put',
      'category_override.put',
      'category_override.delete',
    ]);
  });

  it.each([{ domain: '.shop.example' }, { category: 'unclassified' }, { reason: '' }, { match: 'glob' }])(
    'is refused with %j',
    async (change) => {
      const answer = await send('PUT', '/category-overrides', { ...OVERRIDE, ...change });
      await expectProblem(answer, 422, 'INPUT_INVALID');
    },
  );
});

describe('judging a scan again', () => {
  it('asks for its analysis and takes its reports back until they are made anew', async () => {
    const scanId = await analysedScan(gateway, ['_fbp']);
    for (const format of ['html', 'json'] as const) await buildReport(gateway, scanId, format, 'old');
    const answer = await send('POST', `/scans/${scanId}/judge-again`);
    expect([answer.status, await answer.json()]).toMatchObject([
      202,
      { id: scanId, reports: [{ state: 'queued' }, { state: 'queued' }] },
    ]);
    const asked = await database.sql(
      `SELECT FROM outbox_events WHERE queue = 'analyse-scan' AND payload->>'scanId' = $1 AND sent_at IS NULL`,
      [scanId],
    );
    expect(asked.length).toBeGreaterThan(0);
    await expectProblem(await send('GET', `/scans/${scanId}/reports/html`), 409, 'REPORT_NOT_READY');
    expect(await auditOf(scanId)).toMatchObject([{ action: 'scan.judge_again' }]);
  });

  it('is nothing for a scan that is unknown or not finished', async () => {
    await expectProblem(await send('POST', `/scans/${randomUUID()}/judge-again`), 404, 'SCAN_NOT_FOUND');
    const path = `/scans/${await newScan(gateway)}/judge-again`;
    await expectProblem(await send('POST', path), 409, 'SCAN_NOT_FINISHED');
  });
});

import {
  baselineDetailSchema,
  baselinePageSchema,
  scanBaselineJudgementSchema,
  type BaselineDetail,
  type ScanBaselineJudgement,
} from '@cookie-scanner/contracts';
import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { testRedis } from '@cookie-scanner/redis/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { analysedScan, finishedScan, newScan } from './testing/analysed-scan.ts';
import { problemBody } from './testing/problem-body.ts';
import { startTestGateway, type TestGateway } from './testing/start-test-gateway.ts';
import { bearer, testAccounts } from './testing/test-accounts.ts';

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

const send = (method: string, path: string, body?: unknown): Promise<Response> =>
  gateway.fetch(path, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });

async function expectProblem(response: Response, status: number, code: string): Promise<void> {
  expect([response.status, problemBody(await response.text()).code]).toEqual([status, code]);
}

async function baselineOf(scanId: string): Promise<BaselineDetail> {
  const response = await send('POST', '/baselines', { scanId, reason: 'Reviewed with legal' });
  expect(response.status).toBe(201);
  return baselineDetailSchema.parse(await response.json());
}

async function judgementOf(scanId: string, query = ''): Promise<ScanBaselineJudgement> {
  const response = await send('GET', `/scans/${scanId}/baseline-judgement${query}`);
  return scanBaselineJudgementSchema.parse(await response.json());
}

describe('a baseline', () => {
  it('holds what its scan saw, and takes the place of the one before', async () => {
    const first = await baselineOf(await analysedScan(gateway, ['PHPSESSID']));
    const second = await baselineOf(await analysedScan(gateway, ['PHPSESSID', '_ga']));
    expect(second).toMatchObject({ domain: 'shop.example', state: 'active', reason: 'Reviewed with legal' });
    expect(second.content.cookies.map(({ name }) => name)).toEqual(['PHPSESSID', '_ga']);
    expect(second.content.findings).toContainEqual(
      expect.objectContaining({ ruleId: 'cookie-before-consent', severity: 'high' }),
    );
    const shown = baselineDetailSchema.parse(await (await send('GET', `/baselines/${first.id}`)).json());
    expect(shown).toMatchObject({ id: first.id, state: 'retired' });
    expect(shown.retiredAt).not.toBeNull();

    const list = await (await send('GET', '/baselines?domain=shop.example&limit=2')).json();
    expect(baselinePageSchema.parse(list).items.map(({ id }) => id)).toEqual([second.id, first.id]);
    expect(await (await send('GET', '/baselines?domain=other.example')).json()).toEqual({
      items: [],
      nextCursor: null,
    });
  });

  it('tells what is new in a later scan until somebody answers for it, and again when that expired', async () => {
    const baseline = await baselineOf(await analysedScan(gateway, ['PHPSESSID']));
    const later = await analysedScan(gateway, ['_fbp']);
    const found = await judgementOf(later);
    expect(found).toMatchObject({
      isInOrder: false,
      baselineId: baseline.id,
      cookies: [{ state: 'unapproved', cookie: { name: '_fbp', category: 'marketing' } }],
      gone: { cookies: [{ name: 'PHPSESSID' }] },
    });
    const subject = found.cookies[0]?.subject ?? '';
    const approve = async (expiresAt: string | null): Promise<{ id: string }> => {
      const body = { subject, reason: 'A test until Christmas', expiresAt };
      const response = await send('POST', `/baselines/${baseline.id}/approvals`, body);
      expect(response.status).toBe(201);
      return (await response.json()) as { id: string };
    };

    const approval = await approve('2999-01-01T00:00:00Z');
    expect(await judgementOf(later)).toMatchObject({
      isInOrder: true,
      cookies: [{ state: 'approved', approval: { reason: 'A test until Christmas' } }],
    });
    expect(await approve('2020-01-01T00:00:00Z')).toMatchObject({ id: approval.id });
    expect(await judgementOf(later, `?baseline=${baseline.id}`)).toMatchObject({
      isInOrder: false,
      cookies: [{ state: 'expired' }],
    });
    const path = `/baselines/${baseline.id}/approvals/${approval.id}`;
    expect((await send('DELETE', path)).status).toBe(204);
    expect((await judgementOf(later)).cookies[0]?.state).toBe('unapproved');
    await expectProblem(await send('DELETE', path), 404, 'BASELINE_NOT_FOUND');

    const actions = await database.sql<{ action: string; actor_name: string }>(
      `SELECT action, actor_name FROM audit_logs WHERE target_type = 'baseline' AND target_id = $1 ORDER BY sequence`,
      [baseline.id],
    );
    expect(actions.map(({ action }) => action)).toEqual([
      'baseline.create',
      'baseline.approve',
      'baseline.approve',
      'baseline.withdraw_approval',
    ]);
    expect(actions.every(({ actor_name }) => actor_name !== '')).toBe(true);
  });

  it('is gone when it was deleted', async () => {
    const scanId = await analysedScan(gateway, ['a']);
    const { id } = await baselineOf(scanId);
    expect((await send('DELETE', `/baselines/${id}`)).status).toBe(204);
    await expectProblem(await send('GET', `/baselines/${id}`), 404, 'BASELINE_NOT_FOUND');
    await expectProblem(await send('GET', `/scans/${scanId}/baseline-judgement`), 404, 'BASELINE_NOT_FOUND');
  });

  it('cannot be made of a scan that is unknown, unfinished or not judged yet', async () => {
    const make = (scanId: string) => send('POST', '/baselines', { scanId, reason: 'x' });
    await expectProblem(await make(randomUUID()), 404, 'SCAN_NOT_FOUND');
    await expectProblem(await make(await newScan(gateway)), 409, 'SCAN_NOT_FINISHED');
    const { id } = await finishedScan(gateway, ['a']);
    await expectProblem(await make(id), 409, 'SCAN_NOT_FINISHED');
    await expectProblem(await send('POST', '/baselines', { scanId: id }), 422, 'INPUT_INVALID');
  });

  it('of another workspace is as good as none', async () => {
    const { id } = await baselineOf(await analysedScan(gateway, ['a']));
    const accounts = testAccounts(gateway, database);
    const stranger = await accounts.addPerson(['Admin']);
    const workspaceId = await accounts.addWorkspace();
    await accounts.join(workspaceId, stranger, 'Admin');
    const headers = { ...bearer(await accounts.signIn(stranger)), 'X-Workspace-Id': workspaceId };
    for (const [method, path] of [
      ['GET', `/baselines/${id}`],
      ['DELETE', `/baselines/${id}`],
    ] as const) {
      await expectProblem(await fetch(gateway.url + path, { method, headers }), 404, 'BASELINE_NOT_FOUND');
    }
    expect(await (await fetch(`${gateway.url}/baselines`, { headers })).json()).toMatchObject({ items: [] });
  });

  it.each(['failOn=grave', 'baseline=x', 'x=y'])('is not judged by ?%s', async (query) => {
    const path = `/scans/${await newScan(gateway)}/baseline-judgement?${query}`;
    await expectProblem(await send('GET', path), 422, 'INPUT_INVALID');
  });
});

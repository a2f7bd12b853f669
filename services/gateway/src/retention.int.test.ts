import { retentionSchema } from '@cookie-scanner/contracts';
import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { testRedis } from '@cookie-scanner/redis/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { claimScan, finishScan } from './testing/play-worker.ts';
import { problemBody } from './testing/problem-body.ts';
import { startTestGateway, type TestGateway } from './testing/start-test-gateway.ts';
import { bearer, testAccounts } from './testing/test-accounts.ts';

const redis = testRedis();
let database: TestDatabase;
let gateway: TestGateway;
let workspaceId: string;
let tokens: { leader: string; analyst: string };

beforeAll(async () => {
  database = await createTestDatabase();
  gateway = await startTestGateway({ databaseUrl: database.url, redis });
  const accounts = testAccounts(gateway, database);
  workspaceId = await accounts.addWorkspace();
  const [leader, analyst] = [await accounts.addPerson(), await accounts.addPerson()];
  await accounts.join(workspaceId, leader, 'PI');
  await accounts.join(workspaceId, analyst, 'Analyst');
  tokens = { leader: await accounts.signIn(leader), analyst: await accounts.signIn(analyst) };
});
afterAll(async () => {
  await gateway.close();
  await database.drop();
  await redis.cleanup();
});

const ask = (
  token: string,
  init: { method?: string; body?: unknown; tag?: string } = {},
): Promise<Response> =>
  fetch(`${gateway.url}/workspaces/${workspaceId}/retention`, {
    method: init.method ?? 'GET',
    headers: {
      'Content-Type': 'application/json',
      ...bearer(token),
      ...(init.tag === undefined ? {} : { 'If-Match': init.tag }),
    },
    ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
  });

describe('retention of a workspace', () => {
  it('is read and changed by those who lead it, against a state that they saw, and on record', async () => {
    const before = await ask(tokens.leader);
    const tag = before.headers.get('etag') ?? '';
    expect(retentionSchema.parse(await before.json())).toEqual({
      own: { scanDays: null, fileDays: null, auditDays: null },
      platform: { scanDays: 0, fileDays: 760, auditDays: 0 },
      inForce: { scanDays: 0, fileDays: 760, auditDays: 0 },
      valueDays: 30,
    });
    const changed = await ask(tokens.leader, { method: 'PATCH', tag, body: { scanDays: 90, fileDays: 0 } });
    expect(changed.status).toBe(200);
    const after = retentionSchema.parse(await changed.json());
    expect(after.own).toEqual({ scanDays: 90, fileDays: 0, auditDays: null });
    expect(after.inForce).toEqual({ scanDays: 90, fileDays: 0, auditDays: 0 });

    const late = await ask(tokens.leader, { method: 'PATCH', tag, body: { scanDays: 1 } });
    expect([late.status, problemBody(await late.text()).code]).toEqual([412, 'PRECONDITION_FAILED']);
    const untagged = await ask(tokens.leader, { method: 'PATCH', body: { scanDays: 1 } });
    expect(untagged.status).toBe(428);

    const newest = changed.headers.get('etag') ?? '';
    const back = await ask(tokens.leader, { method: 'PATCH', tag: newest, body: { scanDays: null } });
    expect(retentionSchema.parse(await back.json()).inForce.scanDays).toBe(0);
    const logged = await database.sql(
      `SELECT before, after FROM audit_logs WHERE action = 'workspace.change_retention' ORDER BY sequence`,
    );
    expect(logged).toEqual([
      {
        before: { scanDays: null, fileDays: null, auditDays: null },
        after: { scanDays: 90, fileDays: 0, auditDays: null },
      },
      {
        before: { scanDays: 90, fileDays: 0, auditDays: null },
        after: { scanDays: null, fileDays: 0, auditDays: null },
      },
    ]);
  });

  it.each([
    { scanDays: -1 },
    { scanDays: 1.5 },
    { fileDays: 36_501 },
    { auditDays: 30 },
    { valueDays: 60 },
    {},
  ])('is not changed by %j', async (body) => {
    const response = await ask(tokens.leader, { method: 'PATCH', tag: '*', body });
    expect(response.status).toBe(422);
  });

  it('is nothing for other members', async () => {
    expect((await ask(tokens.analyst)).status).toBe(403);
    expect((await ask(tokens.analyst, { method: 'PATCH', tag: '*', body: { scanDays: 1 } })).status).toBe(
      403,
    );
  });

  it('answers 410 for what was removed, and still shows the scan', async () => {
    const created = await gateway.fetch('/scans', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ url: 'https://shop.example/' }),
    });
    const { id } = (await created.json()) as { id: string };
    await finishScan(gateway, id, await claimScan(gateway, id));
    await database.sql('UPDATE scan_results SET files_removed_at = now() WHERE id = $1', [id]);
    for (const path of ['observation', 'files', 'files/page.png', `diff?against=${id}`]) {
      const response = await gateway.fetch(`/scans/${id}/${path}`);
      expect([path, response.status, problemBody(await response.text()).code]).toEqual([
        path,
        410,
        'SCAN_DETAILS_EXPIRED',
      ]);
    }
    const again = await gateway.fetch(`/scans/${id}/judge-again`, { method: 'POST' });
    expect([again.status, problemBody(await again.text()).code]).toEqual([410, 'SCAN_DETAILS_EXPIRED']);
    for (const path of ['', '/cookies'])
      expect((await gateway.fetch(`/scans/${id}${path}`)).status).toBe(200);
  });
});

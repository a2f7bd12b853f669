import { setTimeout as delay } from 'node:timers/promises';
import { analyseScanQueue, scanSiteQueue } from '@cookie-scanner/contracts';
import { outboxRepository } from '@cookie-scanner/database';
import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { AppError } from '@cookie-scanner/errors';
import { silentLogger } from '@cookie-scanner/observability';
import { createConsumer, createProducer, type Consumer, type Producer } from '@cookie-scanner/queues';
import { openRedis, type RedisOwner } from '@cookie-scanner/redis';
import { testRedis } from '@cookie-scanner/redis/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askBoard, openBoard, type Jar } from './testing/board-client.ts';
import { finishScan } from './testing/play-worker.ts';
import { expectProblem } from './testing/problem-body.ts';
import { startTestGateway, type TestGateway } from './testing/start-test-gateway.ts';
import { bearer, testAccounts, type TestPerson } from './testing/test-accounts.ts';

const redis = testRedis();
let database: TestDatabase;
let gateway: TestGateway;
let owner: RedisOwner;
let accounts: ReturnType<typeof testAccounts>;
let admin: TestPerson;
let token: string;
let cookies: Jar;

beforeAll(async () => {
  database = await createTestDatabase();
  gateway = await startTestGateway({ databaseUrl: database.url, redis, isBoardWritable: true });
  owner = openRedis({ ...redis, logger: silentLogger });
  accounts = testAccounts(gateway, database);
  admin = await accounts.addPerson(['Admin']);
  token = await accounts.signIn(admin);
  cookies = { ...(await openBoard(gateway, token)), ...(await openBoard(gateway, token, '/grant')) };
});
afterAll(async () => {
  await owner.close();
  await gateway.close();
  await database.drop();
  await redis.cleanup();
});

const change = (path: string, request: Partial<Parameters<typeof askBoard>[2]> = {}) =>
  askBoard(gateway, path, { jar: cookies, ...request });

/** What the audit log says of changes of queues by this account, oldest first. */
const recorded = (by = admin.id) =>
  database.sql<{ action: string; outcome: string; target_id: string; after: Record<string, unknown> }>(
    `SELECT action, outcome, target_id, after FROM audit_logs
      WHERE action LIKE 'queues.%' AND target_id IS NOT NULL AND actor_id = $1 ORDER BY sequence`,
    [by],
  );

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(20);
}

describe('leave to change queues', () => {
  it('is for who proved a moment ago who they are, where the installation allows it', async () => {
    const grant = (by: string, at = gateway) =>
      fetch(`${at.url}/auth/queues-session/grant`, { method: 'POST', headers: bearer(by) });
    const closed = await startTestGateway({ databaseUrl: database.url, redis, apiKey: gateway.apiKey });
    expect((await grant(token, closed)).status).toBe(409);
    await closed.close();
    const pi = await accounts.signIn(await accounts.addPerson(['PI']));
    expect((await grant(pi)).status).toBe(403);
    const logs = await database.sql(
      `SELECT FROM audit_logs WHERE action = 'queues.grant' AND actor_id = $1`,
      [admin.id],
    );
    expect(logs).toHaveLength(1);
  });

  it('is shown by the board only to who has it', async () => {
    const asked = async (jar: Jar) => (await change('', { jar, method: 'GET' })).body;
    const { board = '' } = cookies;
    expect(await asked({ board })).toContain('"readOnlyMode":true');
    expect(await asked(cookies)).not.toContain('"readOnlyMode":true');
  });

  it('is nothing without the grant, with that of another session, or without its echo in a header', async () => {
    const before = (await recorded()).length;
    const { board = '', 'board-grant': ours = '', 'XSRF-TOKEN': echo = '' } = cookies;
    const other = await openBoard(gateway, await accounts.signIn(admin), '/grant');
    for (const [jar, code] of [
      [{ board, 'XSRF-TOKEN': echo }, 'STEP_UP_REQUIRED'],
      [{ board, 'board-grant': board, 'XSRF-TOKEN': echo }, 'STEP_UP_REQUIRED'],
      [{ board, ...other }, 'STEP_UP_REQUIRED'],
      [{ board, 'board-grant': ours }, 'CROSS_SITE_REFUSED'],
      [{ board, 'board-grant': ours, 'XSRF-TOKEN': other['XSRF-TOKEN'] ?? '' }, 'CROSS_SITE_REFUSED'],
    ] as const) {
      const answer = await change('/scan-site/pause', { jar });
      expect([code, answer.status, expectProblem(answer).code]).toEqual([code, 403, code]);
    }
    const foreign = await change('/scan-site/pause', { headers: { Origin: 'https://evil.example' } });
    expect(expectProblem(foreign).code).toBe('CROSS_SITE_REFUSED');
    expect(
      (await change('/scan-site/pause', { jar: { 'board-grant': ours, 'XSRF-TOKEN': echo } })).status,
    ).toBe(401);
    expect(await recorded()).toHaveLength(before);
  });
});

describe('a change of queues', () => {
  it('is recorded with who, what and how it ended', async () => {
    const before = (await recorded()).length;
    expect((await change('/build-report/pause')).status).toBe(200);
    expect((await change('', { method: 'GET' })).body).toContain('"isPaused":true');
    expect((await change('/build-report/resume')).status).toBe(200);
    expect((await change('/scan-site/no-such-job/retry')).status).toBe(404);
    await until(async () => (await recorded()).length === before + 6);
    const rows = (await recorded()).slice(before);
    const of = (action: string) => rows.filter((row) => row.action === action);
    expect(of('queues.pause')).toMatchObject([
      { outcome: 'done', target_id: 'build-report', after: { step: 'begun' } },
      { outcome: 'done', target_id: 'build-report', after: { step: 'over', status: 200 } },
    ]);
    expect(of('queues.retry')).toMatchObject([
      { outcome: 'done', after: { step: 'begun', jobId: 'no-such-job' } },
      {
        outcome: 'failed',
        target_id: 'scan-site',
        after: { step: 'over', jobId: 'no-such-job', status: 404 },
      },
    ]);
  });

  it('that cannot be recorded is not made', async () => {
    await database.sql('ALTER TABLE audit_logs RENAME TO audit_logs_away');
    const answer = await change('/build-report/pause');
    await database.sql('ALTER TABLE audit_logs_away RENAME TO audit_logs');
    expect(answer.status).toBeGreaterThanOrEqual(500);
    const { body } = await change('?activeQueue=build-report', { method: 'GET' });
    expect(body).not.toContain('"isPaused":true');
  });

  it.each([
    ['POST', '/scan-site/add', '{"name":"x","data":{"scanId":"x"}}'],
    ['PATCH', '/scan-site/scan-1-0/update-data', '{"jobData":{}}'],
    ['PUT', '/scan-site/concurrency', '{"concurrency":0}'],
  ])('never makes or rewrites jobs: %s %s', async (method, path, body) => {
    const answer = await change(path, { method, body });
    expect([answer.status, expectProblem(answer).code]).toEqual([403, 'PERMISSION_DENIED']);
  });

  it('removes no work that exists nowhere else', async () => {
    const location = { connection: owner.connection('failFast'), prefix: redis.prefix };
    const producer = createProducer(analyseScanQueue, location);
    const scanId = '0193a1f2-7c1e-7000-8000-000000000001';
    await producer.enqueue({ scanId });
    for (const path of ['empty', 'obliterate', 'clean/wait', `analyse-${scanId}/clean`]) {
      const answer = await change(`/analyse-scan/${path}`);
      expect([path, answer.status, expectProblem(answer).code]).toEqual([path, 409, 'CONFLICT']);
    }
    expect((await change('/analyse-scan/clean/failed')).status).toBe(200);
    await producer.close();
  });
});

describe('a scan whose job an Admin touches ends exactly once', () => {
  let producer: Producer<{ scanId: string; offer?: number }>;
  let consumer: Consumer | null = null;
  const runs: string[] = [];
  /** Scans whose worker fails once more after it stored the result. */
  const failLate = new Set<string>();
  /** What a worker waits for before it ends a scan. */
  let mayEnd = Promise.resolve();

  beforeAll(() => {
    const location = { connection: owner.connection('failFast'), prefix: redis.prefix };
    producer = createProducer(scanSiteQueue, location);
  });
  afterAll(async () => {
    await consumer?.close(1_000);
    await producer.close();
  });

  /** A worker as the platform's: its claim in the database decides, not the queue. */
  function startWorker(): void {
    consumer ??= createConsumer(
      scanSiteQueue,
      async ({ scanId }) => {
        const claim = await gateway.scans.claim(scanId, {
          workerId: 'test-worker',
          leaseMs: 60_000,
          attemptsMax: 3,
        });
        runs.push(`${scanId} ${claim.kind}`);
        if (claim.kind !== 'claimed') return;
        await mayEnd;
        await finishScan(gateway, scanId, claim.attempt);
        if (failLate.has(scanId)) throw new AppError('INPUT_INVALID', 'it failed after all');
      },
      {
        ...{ connection: owner.connection('blocking'), prefix: redis.prefix, concurrency: 2 },
        ...{ logger: silentLogger, stopOnLostLock: false, timing: { pollIntervalMs: 1_000 } },
      },
    );
  }
  const relay = () =>
    outboxRepository(gateway.database).relayBatch(100, async (events) => {
      const scans = events.filter(({ queue }) => queue === scanSiteQueue.name);
      await producer.enqueueMany(scans.map(({ payload }) => payload as { scanId: string }));
    });
  /** As the scheduler's reconciler does, without its patience. */
  async function offerAgain(): Promise<void> {
    await gateway.scans.reofferStale({ queuedOlderThanMs: 0, limit: 100 });
    await relay();
  }
  async function submit(): Promise<string> {
    const { id } = await gateway.scans.create({ requestedUrl: 'https://shop.example/', params: {} });
    await relay();
    return id;
  }
  const jobState = async (jobId: string) =>
    /"status":"(\w+)"/.exec((await change(`/scan-site/${jobId}`, { method: 'GET' })).body)?.[1];
  const statusOf = async (id: string) => (await gateway.scans.find(id))?.status;
  async function expectOneEnd(id: string): Promise<void> {
    await until(async () => (await statusOf(id)) === 'success');
    const follow = await database.sql(
      `SELECT FROM outbox_events WHERE queue = 'analyse-scan' AND payload ->> 'scanId' = $1`,
      [id],
    );
    expect(follow).toHaveLength(1);
    expect(runs.filter((run) => run === `${id} claimed`)).toHaveLength(1);
  }

  it('removed while it waits, and its whole queue obliterated', async () => {
    const [removed, obliterated] = [await submit(), await submit()];
    expect((await change(`/scan-site/scan-${removed}-0/clean`)).status).toBe(204);
    expect((await change('/scan-site/obliterate')).status).toBe(400);
    expect((await change('/scan-site/pause')).status).toBe(200);
    expect((await change('/scan-site/obliterate')).status).toBe(200);
    expect((await change('/scan-site/resume')).status).toBe(200);
    startWorker();
    await offerAgain();
    await expectOneEnd(removed);
    await expectOneEnd(obliterated);
  });

  it('removed by force while a worker is at it', async () => {
    startWorker();
    let end = (): void => undefined;
    mayEnd = new Promise((resolve) => (end = resolve));
    const id = await submit();
    await until(async () => (await statusOf(id)) === 'running');
    expect((await change(`/scan-site/scan-${id}-0/clean`)).status).toBe(409);
    expect((await change('/scan-site/pause')).status).toBe(200);
    expect((await change('/scan-site/obliterate')).status).toBe(409);
    expect((await change('/scan-site/obliterate', { body: '{"force":true}' })).status).toBe(200);
    expect((await change('/scan-site/resume')).status).toBe(200);
    await offerAgain();
    end();
    await expectOneEnd(id);
  });

  it('retried and offered again after it is over', async () => {
    startWorker();
    mayEnd = Promise.resolve();
    const id = await submit();
    await expectOneEnd(id);
    await until(async () => (await jobState(`scan-${id}-0`)) === 'completed');
    expect((await change(`/scan-site/scan-${id}-0/retry`)).status).toBe(409);

    let end = (): void => undefined;
    mayEnd = new Promise((resolve) => (end = resolve));
    const late = await submit();
    failLate.add(late);
    end();
    await until(async () => (await jobState(`scan-${late}-0`)) === 'failed');
    expect((await change(`/scan-site/scan-${late}-0/retry`)).status).toBe(204);
    const runsOver = () => runs.filter((run) => run.startsWith(late) && !run.endsWith('claimed')).length;
    await until(() => Promise.resolve(runsOver() === 1));
    await producer.enqueue({ scanId: late, offer: 7 });
    await until(() => Promise.resolve(runsOver() === 2));
    await expectOneEnd(late);
    await expectOneEnd(id);
  });
});

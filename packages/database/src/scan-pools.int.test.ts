import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { silentLogger } from '@cookie-scanner/observability';
import { openDatabase, type Database } from './open-database.ts';
import { outboxRepository, type OutboxEvent } from './outbox.repository.ts';
import { scanRepository, type ScanRepository } from './scan.repository.ts';
import { createTestDatabase, type TestDatabase } from './testing/create-test-database.ts';
import { workerRepository, type WorkerRepository } from './worker.repository.ts';

const CLAIM = { workerId: 'w', leaseMs: 60_000, attemptsMax: 3 };
const WORKER = { name: 'w-1', version: '1.0.0', slots: 2, running: 0 };

describe('scans that ask for labels of a worker', () => {
  let test: TestDatabase;
  let database: Database;
  let scans: ScanRepository;
  let workers: WorkerRepository;

  beforeAll(async () => {
    test = await createTestDatabase();
    database = openDatabase({ url: test.url, logger: silentLogger });
    scans = scanRepository(database);
    workers = workerRepository(database);
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });
  beforeEach(() => test.sql('TRUNCATE scan_results, outbox_events, workers CASCADE'));

  const submit = async (...workerLabels: string[]): Promise<string> =>
    (await scans.create({ requestedUrl: 'https://shop.example/', params: { workerLabels } })).id;

  /** Hands over what the outbox has; answers with what the queues got. */
  async function relay(): Promise<unknown[]> {
    const published: OutboxEvent[] = [];
    const publish = async (events: OutboxEvent[]): Promise<void> => void published.push(...events);
    while ((await outboxRepository(database).relayBatch(100, publish)) > 0);
    return published.map(({ payload }) => payload);
  }

  const waitsOf = async (id: string) => (await scans.find(id))?.waitsForWorker;

  it('stay in the database and say so while no worker has them, and are handed over when one comes', async () => {
    const first = await submit('zone=lab', 'region=eu');
    const second = await submit('region=eu');
    const plain = await submit();
    expect(await relay()).toEqual([{ scanId: plain, offer: 0, turn: 0 }]);
    expect(await waitsOf(first)).toEqual({
      labels: ['region=eu', 'zone=lab'],
      since: expect.stringMatching(/Z$/),
    });
    expect(await waitsOf(plain)).toBeNull();
    expect(await scans.poolless()).toEqual({ count: 2, ageMs: expect.any(Number) });
    // Nothing is lost of them: no offer is missing.
    await test.sql(`UPDATE scan_results SET offered_at = now() - interval '1 d' WHERE id <> $1`, [plain]);
    expect((await scans.reofferStale({ queuedOlderThanMs: 3_600_000, limit: 10 })).offered).toBe(0);

    await workers.announce({ ...WORKER, labels: ['region=eu'] });
    expect(await scans.checkPools(100)).toEqual({ missing: 0, found: 1 });
    expect(await relay()).toEqual([{ scanId: second, offer: 1, turn: 0, workerLabels: ['region=eu'] }]);
    expect(await waitsOf(second)).toBeNull();
    expect(await waitsOf(first)).not.toBeNull();

    await workers.announce({ ...WORKER, name: 'w-2', labels: ['region=eu', 'zone=lab'] });
    expect(await scans.checkPools(100)).toEqual({ missing: 0, found: 1 });
    expect(await relay()).toEqual([
      { scanId: first, offer: 1, turn: 0, workerLabels: ['region=eu', 'zone=lab'] },
    ]);
  });

  it('say so too when the last such worker falls silent, and are not handed over twice when it is back', async () => {
    await workers.announce({ ...WORKER, labels: ['region=eu'] });
    const id = await submit('region=eu');
    expect(await relay()).toHaveLength(1);
    await test.sql(`UPDATE workers SET seen_at = now() - interval '1 min'`);
    expect(await scans.checkPools(100)).toEqual({ missing: 1, found: 0 });
    expect(await waitsOf(id)).not.toBeNull();
    expect((await workers.pools())[0]).toMatchObject({
      ...{ labels: ['region=eu'], workers: 0, waiting: 1, running: 0 },
      missingSince: expect.any(String),
    });

    await workers.announce({ ...WORKER, labels: ['region=eu'] });
    expect(await scans.checkPools(100)).toEqual({ missing: 0, found: 1 });
    expect(await relay()).toEqual([]);
    expect(await scans.claim(id, { ...CLAIM, labels: ['region=eu'] })).toMatchObject({ kind: 'claimed' });
    expect(await workers.pools()).toMatchObject([{ workers: 1, waiting: 0, running: 1, missingSince: null }]);
  });

  it('are refused to a worker without them, whatever queue they came by; scans without labels go to any', async () => {
    const [choosy, plain] = [await submit('region=eu'), await submit()];
    const claim = async (id: string, ...labels: string[]) =>
      (await scans.claim(id, { ...CLAIM, labels })).kind;
    expect(await claim(choosy)).toBe('elsewhere');
    expect(await claim(choosy, 'region=us')).toBe('elsewhere');
    expect(await claim(choosy, 'region=eu', 'zone=lab')).toBe('claimed');
    expect(await claim(plain, 'region=eu')).toBe('claimed');
  });

  it('stand in lines of their own: who waits for rare workers is not put back among all', async () => {
    await workers.announce({ ...WORKER, labels: ['region=eu'] });
    for (let n = 0; n < 3; n += 1) await submit('region=eu');
    await submit();
    const jobs = (await relay()) as { turn: number; workerLabels?: string[] }[];
    expect(jobs.map(({ turn, workerLabels }) => [turn, workerLabels?.length ?? 0])).toEqual([
      [0, 1],
      [10, 1],
      [20, 1],
      [0, 0],
    ]);
  });

  it('see their workers: known by their signs of life, gone when they say so or are silent for a day', async () => {
    await workers.announce({ ...WORKER, labels: ['region=eu'] });
    await workers.announce({ ...WORKER, labels: ['region=eu'], slots: 4, running: 3 });
    await workers.announce({ ...WORKER, name: 'w-2', labels: [] });
    await test.sql(`UPDATE workers SET seen_at = now() - interval '30 s' WHERE name = 'w-2'`);
    expect(await workers.list()).toMatchObject([
      { name: 'w-1', labels: ['region=eu'], version: '1.0.0', slots: 4, running: 3, isAlive: true },
      { name: 'w-2', labels: [], isAlive: false },
    ]);
    await workers.withdraw('w-1');
    await test.sql(`UPDATE workers SET seen_at = now() - interval '25 h'`);
    expect(await workers.forgetSilent()).toBe(1);
    expect(await workers.list()).toEqual([]);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { silentLogger } from '@cookie-scanner/observability';
import { openDatabase, type Database } from './open-database.ts';
import { outboxRepository } from './outbox.repository.ts';
import { scanRepository, type ScanRepository } from './scan.repository.ts';
import { rowMaker, type RowMaker } from './table-cases/table-case.test.fixture.ts';
import { createTestDatabase, type TestDatabase } from './testing/create-test-database.ts';

const CLAIM = { workerId: 'w', leaseMs: 60_000, attemptsMax: 3 };

describe('scans that wait', () => {
  let test: TestDatabase;
  let database: Database;
  let scans: ScanRepository;
  let make: RowMaker;

  beforeAll(async () => {
    test = await createTestDatabase();
    database = openDatabase({ url: test.url, logger: silentLogger });
    scans = scanRepository(database);
    make = rowMaker(test);
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });
  beforeEach(() => test.sql('TRUNCATE scan_results, outbox_events CASCADE'));

  /** Submits scans and hands them to the queue; answers with what the queue got. */
  async function submit(workspaceId: string, count: number, url = 'https://shop.example/') {
    await test.sql(
      `WITH scan AS (
         INSERT INTO scan_results (workspace_id, requested_url, domain, params)
         SELECT $1, $2, $3, '{}' FROM generate_series(1, $4::int) RETURNING id)
       INSERT INTO outbox_events (queue, payload) SELECT 'scan-site', jsonb_build_object('scanId', id) FROM scan`,
      [workspaceId, url, new URL(url).hostname, count],
    );
    const jobs: { scanId: string; turn: number }[] = [];
    const outbox = outboxRepository(database);
    const publish = (events: { payload: unknown }[]): Promise<void> => {
      jobs.push(...events.map(({ payload }) => payload as (typeof jobs)[number]));
      return Promise.resolve();
    };
    while ((await outbox.relayBatch(100, publish)) > 0);
    return jobs;
  }

  /** The order in which a queue gives out these jobs. */
  const inTurn = (jobs: { turn: number }[]): typeof jobs => jobs.toSorted((a, b) => a.turn - b.turn);

  it('of a workspace with a long line do not keep a single one of another waiting', async () => {
    const [crowd, single] = [await make.workspace(), await make.workspace()];
    const long = await submit(crowd, 250);
    const served = long[120];
    await scans.claim(served?.scanId ?? '', CLAIM);
    const [one] = await submit(single, 1);
    // Behind the one that runs, and ahead of all that wait.
    expect(one?.turn).toBe(served?.turn);
    expect(one?.turn).toBeLessThan(long[121]?.turn ?? 0);
  });

  it('alternate between workspaces, and give one of more weight more turns', async () => {
    const [first, second] = [await make.workspace(), await make.workspace()];
    await test.sql('UPDATE workspaces SET scan_weight = 2 WHERE id = $1', [second]);
    const ours = await submit(first, 4);
    const theirs = await submit(second, 8);
    const order = inTurn([...ours, ...theirs]).map((job) => (ours.includes(job as never) ? 1 : 2));
    expect(order).toEqual([1, 2, 2, 1, 2, 2, 1, 2, 2, 1, 2, 2]);
  });

  it('keep their turn when they are offered again, and a line that is over leaves no debt', async () => {
    const workspace = await make.workspace();
    const [, second] = await submit(workspace, 2);
    await test.sql(`UPDATE scan_results SET offered_at = now() - interval '1 h'`);
    await scans.reofferStale({ queuedOlderThanMs: 1_000, limit: 10 });
    const again = await submit(workspace, 0);
    expect(again.find(({ scanId }) => scanId === second?.scanId)).toMatchObject({ turn: second?.turn });
    await test.sql(`UPDATE scan_results SET status = 'cancelled', finished_at = now()`);
    expect(await submit(workspace, 1)).toMatchObject([{ turn: 0 }]);
  });

  describe('for a site that is visited already', () => {
    const politeness = { concurrencyMax: 2, gapMs: 0 };
    const claimAll = (jobs: { scanId: string }[], limits: { concurrencyMax: number; gapMs: number }) =>
      Promise.all(jobs.map(({ scanId }) => scans.claim(scanId, { ...CLAIM, politeness: limits })));
    const kinds = (claims: { kind: string }[]): string[] => claims.map(({ kind }) => kind).sort();

    it('wait while as many run as may, however many workers try at once; subdomains are the same site', async () => {
      const workspace = await make.workspace();
      const jobs = [
        ...(await submit(workspace, 3, 'https://www.shop.example/')),
        ...(await submit(workspace, 3, 'https://blog.shop.example/')),
        ...(await submit(workspace, 1, 'https://another.example/')),
      ];
      const claims = await claimAll(jobs, politeness);
      expect(kinds(claims.slice(0, 6))).toEqual(['claimed', 'claimed', ...Array<string>(4).fill('deferred')]);
      expect(claims[6]).toMatchObject({ kind: 'claimed' });
      expect(claims.find(({ kind }) => kind === 'deferred')).toMatchObject({
        retryAfterMs: expect.any(Number),
      });
      await test.sql(
        `UPDATE scan_results SET status = 'failed', finished_at = now(), lease_until = NULL WHERE status = 'running'`,
      );
      const waiting = jobs.filter((_, n) => claims[n]?.kind === 'deferred');
      expect(kinds(await claimAll(waiting, politeness))).toEqual([
        'claimed',
        'claimed',
        'deferred',
        'deferred',
      ]);
    });

    it('start apart, and are not held to be lost meanwhile, nor charged for it', async () => {
      const jobs = await submit(await make.workspace(), 2);
      const claims = await claimAll(jobs, { concurrencyMax: 9, gapMs: 60_000 });
      expect(kinds(claims)).toEqual(['claimed', 'deferred']);
      const waiting = jobs[claims.findIndex(({ kind }) => kind === 'deferred')]?.scanId;
      const [row] = await test.sql(
        `SELECT status::text, attempt, offered_at > queued_at AS "isOffered" FROM scan_results WHERE id = $1`,
        [waiting],
      );
      expect(row).toEqual({ status: 'queued', attempt: 0, isOffered: true });
    });

    it('go on with a scan whose own worker was lost', async () => {
      const [job] = await submit(await make.workspace(), 1);
      const limits = { concurrencyMax: 1, gapMs: 60_000 };
      await claimAll([job ?? { scanId: '' }], limits);
      await test.sql(`UPDATE scan_results SET lease_until = now() - interval '1 s'`);
      expect(kinds(await claimAll([job ?? { scanId: '' }], limits))).toEqual(['claimed']);
    });
  });
});

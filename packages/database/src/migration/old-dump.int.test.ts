import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLogger } from '@cookie-scanner/observability';
import { cookieSightingRepository } from '../cookie-sighting.repository.ts';
import { DEFAULT_WORKSPACE_ID } from '../default-workspace.ts';
import { openDatabase, type Database } from '../open-database.ts';
import { scanRepository, type ScanRepository } from '../scan.repository.ts';
import { createTestDatabase, type TestDatabase } from '../testing/create-test-database.ts';
import { readMigrations } from './migration-files.ts';
import { migrateDatabase } from './migrate-database.ts';

const [SUCCESS, PARTIAL, FAILED, CANCELLED, QUEUED] = [1, 2, 3, 4, 5].map(
  (n) => `a0000000-0000-4000-8000-00000000000${n}`,
) as [string, string, string, string, string];

describe('a database of the first release', () => {
  let test: TestDatabase;
  let database: Database;
  let scans: ScanRepository;

  beforeAll(async () => {
    test = await createTestDatabase();
    const { migrationDirectories } = await readMigrations();
    const [first, ...later] = migrationDirectories;
    if (first?.migrationFile.content.tag !== 'ok') throw new Error('the first migration cannot be read');
    // The history says that the first migration was applied, and the rest is what this version brings.
    await test.sql('CREATE TABLE kept AS SELECT * FROM _prisma_migrations WHERE migration_name = $1', [
      first.path,
    ]);
    await test.sql('CREATE SCHEMA history');
    await test.sql('ALTER TABLE kept SET SCHEMA history');
    await test.sql('DROP SCHEMA public CASCADE');
    await test.sql('CREATE SCHEMA public');
    await test.sql(first.migrationFile.content.value);
    await test.sql(await readFile(new URL('old-dump.test.fixture.sql', import.meta.url), 'utf8'));
    await test.sql(`CREATE TABLE _prisma_migrations (
      id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz, migration_name varchar(255) NOT NULL,
      logs text, rolled_back_at timestamptz, started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count int NOT NULL DEFAULT 0)`);
    await test.sql(`INSERT INTO _prisma_migrations
      SELECT id, checksum, finished_at, migration_name, logs, rolled_back_at, started_at, applied_steps_count FROM history.kept`);
    await test.sql('DROP SCHEMA history CASCADE');

    const { applied } = await migrateDatabase(test.url);
    expect(applied).toEqual(later.map(({ path }) => path));
    database = openDatabase({ url: test.url, logger: silentLogger });
    scans = scanRepository(database);
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  it('keeps every cookie, in the month of its scan', async () => {
    const first = await scans.listCookies(SUCCESS, { cursor: null, limit: 10 });
    expect(first?.items.map(({ name }) => name)).toEqual(['session', 'tracker\0']);
    expect(first?.items[0]).toMatchObject({ domain: '.shop.example', setBy: { kind: 'cookie-store' } });
    const second = await scans.listCookies(PARTIAL, { cursor: null, limit: 10 });
    expect(second?.items.map(({ name }) => name)).toEqual(['session']);
    expect(
      await test.sql(
        `SELECT tableoid::regclass::text AS month, count(*)::int AS count, min(created_at) < '2025-01-01' AS kept
           FROM cookies GROUP BY 1 ORDER BY 1`,
      ),
    ).toEqual([
      { month: 'cookies_2024_02', count: 2, kept: true },
      { month: 'cookies_2024_03', count: 1, kept: true },
    ]);
    expect(await test.sql(`SELECT to_regclass('cookies_unpartitioned') AS gone`)).toEqual([{ gone: null }]);
  });

  it('knows of each scan whose it is and of which domain', async () => {
    expect(
      await test.sql('SELECT id, domain, workspace_id, trigger::text FROM scan_results ORDER BY id'),
    ).toEqual(
      [
        { id: SUCCESS, domain: 'shop.example' },
        { id: PARTIAL, domain: 'shop.example' },
        { id: FAILED, domain: 'gone.example' },
        { id: CANCELLED, domain: null },
        { id: QUEUED, domain: 'waiting.example' },
      ].map((row) => ({ ...row, workspace_id: DEFAULT_WORKSPACE_ID, trigger: 'manual' })),
    );
    expect(await scans.findLatestOfDomain(DEFAULT_WORKSPACE_ID, 'shop.example')).toMatchObject({
      id: PARTIAL,
    });
  });

  it('knows since when its sites have their cookies', async () => {
    const page = await cookieSightingRepository(database).listDomainsWithCookie({
      workspaceId: DEFAULT_WORKSPACE_ID,
      name: 'session',
      cursor: null,
      limit: 10,
    });
    expect(page.items).toEqual([
      {
        domain: 'shop.example',
        firstSeenAt: '2024-02-29T23:59:59.123Z',
        lastSeenAt: '2024-03-01T00:01:00.000Z',
        cookieCount: 1,
      },
    ]);
  });

  it('goes on where it was: reports, messages and waiting work are there, and a waiting scan can be taken', async () => {
    expect(await scans.find(SUCCESS)).toMatchObject({ reports: [{ format: 'html', state: 'ready' }] });
    expect(await test.sql('SELECT state::text, read_at FROM notifications')).toEqual([
      { state: 'sent', read_at: null },
    ]);
    expect(await test.sql('SELECT queue FROM outbox_events WHERE sent_at IS NULL')).toEqual([
      { queue: 'scan-site' },
    ]);
    const claim = await scans.claim(QUEUED, { workerId: 'worker-1', leaseMs: 60_000, attemptsMax: 3 });
    expect(claim).toMatchObject({ kind: 'claimed', attempt: 1 });
  });
});

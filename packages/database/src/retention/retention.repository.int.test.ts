import { silentLogger } from '@cookie-scanner/observability';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DEFAULT_WORKSPACE_ID } from '../default-workspace.ts';
import { openDatabase, type Database } from '../open-database.ts';
import { ACCOUNT_TABLES } from '../table-cases/account-tables.test.fixture.ts';
import { JUDGEMENT_TABLES } from '../table-cases/judgement-tables.test.fixture.ts';
import { SCAN_TABLES } from '../table-cases/scan-tables.test.fixture.ts';
import { rowMaker, type Row, type RowMaker } from '../table-cases/table-case.test.fixture.ts';
import { WORK_TABLES } from '../table-cases/work-tables.test.fixture.ts';
import { createTestDatabase, type TestDatabase } from '../testing/create-test-database.ts';
import { addEndedScan, daysAgo, endedScan, MONTHS_OF_OLD_SCANS } from './old-scan.test.fixture.ts';
import { PLAIN_TABLES, type PlainTable } from './remove-rows.ts';
import { retentionRepository, type RetentionKind, type RetentionRepository } from './retention.repository.ts';

const PERIODS = {
  ...{ scanDays: 100, fileDays: 50, valueDays: 30, auditDays: 0 },
  ...{ noticeDays: 20, runDays: 20, deliveryDays: 20, sessionDays: 20 },
};
const FOR_EVER = {
  ...{ scanDays: 0, fileDays: 0, valueDays: 30, auditDays: 0 },
  ...{ noticeDays: 0, runDays: 0, deliveryDays: 0, sessionDays: 0 },
};
const CASES = [...ACCOUNT_TABLES, ...SCAN_TABLES, ...JUDGEMENT_TABLES, ...WORK_TABLES];

const at = (days: number): Row => ({ created_at: daysAgo(days), updated_at: daysAgo(days) });

/** Rows by table: of the first ones the time is over, all others stay. */
const ROWS: Readonly<Record<PlainTable, { old: Row; kept: Row[] }>> = {
  refresh_sessions: {
    old: { ...at(60), expires_at: daysAgo(21) },
    kept: [{ ...at(60), expires_at: daysAgo(19) }],
  },
  user_tokens: {
    old: { ...at(60), expires_at: daysAgo(21) },
    kept: [{ ...at(60), expires_at: daysAgo(19) }],
  },
  idempotency_keys: {
    old: { ...at(2), expires_at: daysAgo(0.1) },
    kept: [{ ...at(2), expires_at: daysAgo(-0.1) }],
  },
  notifications: {
    old: { ...at(21), state: 'sent', sent_at: daysAgo(21) },
    kept: [{ ...at(19), state: 'sent', sent_at: daysAgo(19) }, at(21)],
  },
  webhook_deliveries: {
    old: { ...at(21), state: 'delivered', delivered_at: daysAgo(21), next_attempt_at: null },
    kept: [at(21), { ...at(19), state: 'delivered', delivered_at: daysAgo(19), next_attempt_at: null }],
  },
  schedule_executions: {
    old: { ...at(21), status: 'success', started_at: daysAgo(22), finished_at: daysAgo(21) },
    kept: [at(21), { ...at(21), status: 'success', started_at: daysAgo(22), finished_at: daysAgo(19) }],
  },
  outbox_events: {
    old: { ...at(21), refused_reason: 'no such queue' },
    kept: [at(21), { ...at(19), refused_reason: 'no such queue' }],
  },
  reports: {
    old: { ...at(101), scan_id: null, type: 'trends', state: 'failed', failure_reason: 'x' },
    kept: [
      { ...at(101), scan_id: null, type: 'trends', state: 'queued' },
      { ...at(99), scan_id: null, type: 'trends', state: 'failed', failure_reason: 'x' },
    ],
  },
  cookie_sightings: {
    old: { first_seen_at: daysAgo(200), last_seen_at: daysAgo(101) },
    kept: [{ first_seen_at: daysAgo(200), last_seen_at: daysAgo(99) }],
  },
  scan_batches: { old: at(101), kept: [at(99)] },
};

let test: TestDatabase;
let opened: Database;
let retention: RetentionRepository;
let make: RowMaker;

beforeAll(async () => {
  test = await createTestDatabase();
  opened = openDatabase({ url: test.url, logger: silentLogger });
  retention = retentionRepository(opened);
  make = rowMaker(test);
  await test.sql(MONTHS_OF_OLD_SCANS);
});
afterAll(async () => {
  await opened.close();
  await test.drop();
});
beforeEach(async () => {
  // Deleted: to truncate every month takes seconds.
  for (const table of [
    'baselines',
    'cookie_sightings',
    'workspace_retention',
    'reports',
    'scan_results',
    'removed_files',
  ])
    await test.sql(`DELETE FROM ${table}`);
});

async function idsOf(table: string): Promise<string[]> {
  return (await test.sql<{ id: string }>(`SELECT id FROM ${table}`)).map(({ id }) => id).sort();
}

async function removeAll(kind: RetentionKind, periods = PERIODS): Promise<number> {
  let total = 0;
  for (;;) {
    const batch = await retention.removeBatch(kind, periods);
    total += batch?.removedCount ?? 0;
    if (batch?.isFull !== true) return total;
  }
}

describe('retention', () => {
  it.each(PLAIN_TABLES)('takes of %s what is older than it is kept, and nothing else', async (table) => {
    const found = CASES.find((each) => each.table === table);
    if (!found) throw new Error(`no case for ${table}`);
    await test.sql(`DELETE FROM ${table}`);
    const add = async (change: Row) => make.insert(table, { ...(await found.good(make)), ...change });
    const { old, kept } = ROWS[table];
    await add(old);
    const rows = await Promise.all(kept.map(add));
    if (table !== 'idempotency_keys') expect(await removeAll(table, FOR_EVER)).toBe(0);
    expect(await removeAll(table)).toBe(1);
    expect(await idsOf(table)).toEqual(rows.map(({ id }) => String(id)).sort());
  });

  it('takes scans with all that belongs to them, and leaves those that are young, at work or a baseline', async () => {
    const old = await addEndedScan(make, 101);
    const failed = await make.scan({
      ...{ status: 'failed', queued_at: daysAgo(301), finished_at: daysAgo(300), settled_at: daysAgo(300) },
    });
    const pinned = await addEndedScan(make, 102);
    const retired = await addEndedScan(make, 103);
    const kept = [
      await addEndedScan(make, 99),
      pinned,
      await make.scan({ queued_at: daysAgo(400) }),
      await addEndedScan(make, 104, { settled_at: null }),
    ];
    const site = { workspace_id: DEFAULT_WORKSPACE_ID, domain: 'shop.example' };
    const baseline = { ...site, content: '{}' };
    await make.insert('baselines', { ...baseline, scan_id: pinned });
    await make.insert('baselines', {
      ...{ ...baseline, scan_id: retired },
      ...{ state: 'retired', retired_at: daysAgo(1) },
    });
    const cookie = { ...site, name: 'a', cookie_domain: 'x', path: '/', party: 'first', first_scan_id: old };
    const seen = { ...cookie, first_seen_at: daysAgo(101), last_seen_at: daysAgo(101) };
    await make.insert('cookie_sightings', { ...seen, cookie_hash: 'ab'.repeat(32), last_scan_id: old });
    const stillSeen = await make.insert('cookie_sightings', {
      ...{ ...seen, cookie_hash: 'cd'.repeat(32), last_scan_id: pinned },
    });

    expect(await removeAll('scan_results', FOR_EVER)).toBe(0);
    expect(await removeAll('scan_results')).toBe(3);
    expect(await idsOf('scan_results')).toEqual([...kept].sort());
    for (const table of ['cookies', 'pages', 'storage_items', 'findings', 'reports']) {
      expect(await test.sql(`SELECT FROM ${table} WHERE NOT scan_id = ANY($1)`, [kept])).toEqual([]);
    }
    expect(await idsOf('cookie_sightings')).toEqual([stillSeen['id']]);
    const noted = await retention.listRemovedFiles(100);
    expect(noted.map(({ prefix }) => prefix).sort()).toEqual(
      [old, failed, retired].flatMap((id) => [`reports/${id}`, `scans/${id}`]).sort(),
    );
    await retention.forgetRemovedFiles(noted.map(({ id }) => id));
    expect(await retention.listRemovedFiles(100)).toEqual([]);
  });

  it('gives up the files of scans earlier than the scans, and those with values after their own time', async () => {
    const old = await addEndedScan(make, 51);
    const withValues = await addEndedScan(make, 31, { values_kept: true });
    await addEndedScan(make, 49);
    await addEndedScan(make, 29, { values_kept: true });
    await addEndedScan(make, 60, { settled_at: null });
    expect(await removeAll('scan_values', FOR_EVER)).toBe(1);
    expect(await removeAll('scan_files')).toBe(1);
    expect([await removeAll('scan_values'), await removeAll('scan_files')]).toEqual([0, 0]);
    const without = await test.sql<{ id: string; observation_sha256: string | null }>(
      'SELECT id, observation_sha256 FROM scan_results WHERE files_removed_at IS NOT NULL',
    );
    expect(without.map(({ id }) => id).sort()).toEqual([old, withValues].sort());
    // What there was stays known, and so do cookies and reports.
    expect(without.every((scan) => scan.observation_sha256 !== null)).toBe(true);
    expect(await idsOf('reports')).toHaveLength(5);
    const noted = await retention.listRemovedFiles(10);
    expect(noted.map(({ prefix }) => prefix).sort()).toEqual([`scans/${old}`, `scans/${withValues}`].sort());
  });

  it('lets a workspace keep its scans for longer, for ever, or not as long', async () => {
    const workspace = async (days: number | null, age: number): Promise<string> => {
      const workspaceId = await make.workspace();
      await make.insert('workspace_retention', {
        workspace_id: workspaceId,
        scan_days: days,
        file_days: days,
      });
      return addEndedScan(make, age, { workspace_id: workspaceId });
    };
    const kept = [
      await workspace(0, 150),
      await workspace(140, 139),
      await workspace(10, 9),
      await workspace(null, 99),
    ];
    const gone = [await workspace(140, 141), await workspace(10, 11), await workspace(null, 101)];
    expect(await removeAll('scan_results')).toBe(gone.length);
    expect(await idsOf('scan_results')).toEqual([...kept].sort());
    expect(await removeAll('scan_files', FOR_EVER)).toBe(0);
  });

  it('removes a backlog in batches, by one process at a time, each scan once', async () => {
    const count = 230;
    const row = endedScan(200);
    const columns = Object.keys(row);
    await test.sql(
      `INSERT INTO scan_results (requested_url, params, ${columns.join()})
       SELECT 'https://shop.example/', '{}', ${columns.map((_, n) => `$${n + 1}`).join()} FROM generate_series(1, ${count})`,
      Object.values(row),
    );
    const removers = [retention, retentionRepository(opened), retentionRepository(opened)];
    const counts: number[] = [];
    while (counts.reduce((sum, each) => sum + each, 0) < count) {
      const batches = await Promise.all(removers.map((each) => each.removeBatch('scan_results', PERIODS)));
      counts.push(...batches.flatMap((batch) => batch?.removedCount ?? []));
    }
    expect(Math.max(...counts)).toBe(100);
    expect(counts.reduce((sum, each) => sum + each, 0)).toBe(count);
    expect(await idsOf('scan_results')).toEqual([]);
    expect(await test.sql('SELECT FROM removed_files GROUP BY prefix HAVING count(*) > 1')).toEqual([]);
  });

  it('notes the files also of scans that go with their workspace, and says how old the oldest is', async () => {
    const workspaceId = await make.workspace();
    const scanId = await addEndedScan(make, 10, { workspace_id: workspaceId });
    const ages = await retention.oldestKept();
    expect(Math.round((ages.scan_results ?? 0) / 86_400)).toBe(10);
    expect(Math.round((ages.scan_files ?? 0) / 86_400)).toBe(10);
    await test.sql('DELETE FROM workspaces WHERE id = $1', [workspaceId]);
    const noted = await retention.listRemovedFiles(10);
    expect(noted.map(({ prefix }) => prefix).sort()).toEqual([`reports/${scanId}`, `scans/${scanId}`]);
    expect((await retention.oldestKept()).scan_results).toBeNull();
  });
});

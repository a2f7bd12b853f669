import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { scheduleCreateSchema, type ScheduleCreate } from '@cookie-scanner/contracts';
import { silentLogger } from '@cookie-scanner/observability';
import { inWorkspace } from './in-workspace.ts';
import { openDatabase, type Database } from './open-database.ts';
import type { ScheduleDecision } from './schedule-run.ts';
import { scheduleRepository, type ScheduleRepository } from './schedule.repository.ts';
import { rowMaker, type RowMaker } from './table-cases/table-case.test.fixture.ts';
import { createTestDatabase, type TestDatabase } from './testing/create-test-database.ts';

const BY = { actorKind: 'system' } as const;
const LONG_AGO = new Date('2026-01-01T06:30:00Z');
const FAR_AWAY = { plannedAt: new Date('2199-01-01T00:00:00Z'), beginsAt: new Date('2199-01-01T00:00:00Z') };

describe('schedules', () => {
  let test: TestDatabase;
  let database: Database;
  let schedules: ScheduleRepository;
  let make: RowMaker;

  beforeAll(async () => {
    test = await createTestDatabase();
    database = openDatabase({ url: test.url, logger: silentLogger });
    schedules = scheduleRepository(database);
    make = rowMaker(test);
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  /** A workspace with a profile, two shops, one of them paused, and a schedule that was due long ago. */
  async function shops(change: Partial<ScheduleCreate> = {}) {
    const workspaceId = await make.workspace();
    const site = (domain: string, more = {}): Promise<{ id?: unknown }> =>
      make.insert('domain_configs', { workspace_id: workspaceId, domain, labels: '{shop,eu}', ...more });
    const open = await site('open.example', {
      start_urls: '{https://open.example/a,https://open.example/b}',
    });
    await site('bare.example');
    await site('closed.example', { state: 'paused' });
    await site('news.example', { labels: '{news}' });
    const profile = { workspace_id: workspaceId, slug: 'ours', name: 'Ours' };
    const { id: profileId } = await make.insert('scan_profiles', { ...profile, params: '{"mode": "quick"}' });
    await make.insert('scan_profiles', { ...profile, version: 2, params: '{"mode": "standard"}' });
    const userId = await make.user();
    const wanted = scheduleCreateSchema.parse({
      name: 'Every morning',
      timing: { frequency: 'daily', timeOfDay: '06:30' },
      profileId,
      target: { kind: 'labels', labels: ['shop', 'eu'] },
      ...change,
    });
    const walled = scheduleRepository(inWorkspace(database, workspaceId));
    const { id } = await walled.create(
      { ...wanted, workspaceId, createdBy: userId, next: { plannedAt: LONG_AGO, beginsAt: LONG_AGO } },
      BY,
    );
    const scans = (): Promise<Record<string, unknown>[]> =>
      test.sql(
        `SELECT requested_url AS url, trigger::text, params ->> 'mode' AS mode, profile_id = $2 AS "isOurs"
           FROM scan_results WHERE workspace_id = $1 ORDER BY 1`,
        [workspaceId, profileId],
      );
    return { id, workspaceId, profileId: String(profileId), openId: String(open.id), walled, scans };
  }

  const decision = (change: Partial<ScheduleDecision> = {}): (() => ScheduleDecision) => {
    const run = { plannedAt: LONG_AGO, beginsAt: LONG_AGO };
    return () => ({ run, missed: [], next: FAR_AWAY, ...change });
  };
  const runsOf = async (id: string) =>
    (await schedules.listRuns({ scheduleId: id, cursor: null, limit: 50 })).items;
  const endScans = (id: string, statuses: string[]): Promise<unknown> =>
    test.sql(
      `WITH numbered AS (
         SELECT scan.id, row_number() OVER (ORDER BY requested_url) AS n FROM scan_results AS scan
           JOIN schedule_executions AS run ON run.id = schedule_execution_id WHERE schedule_id = $1)
       UPDATE scan_results AS scan SET status = ($2::scan_status[])[n], started_at = now(), finished_at = now(),
              observation_key = 'x', observation_sha256 = repeat('ab', 32), observation_size_bytes = 1, totals = '{}', quality = '{}',
              duration_ms = 1
         FROM numbered WHERE numbered.id = scan.id`,
      [id, statuses],
    );

  it('begin a run once, however many schedulers try, with the scans of all active sites that carry the labels', async () => {
    const { id, scans } = await shops();
    expect(await schedules.listDue(100)).toContain(id);
    const turns = await Promise.all(Array.from({ length: 5 }, () => schedules.runDue(id, decision())));
    expect(turns.filter((turn) => turn !== null)).toEqual([
      { missedCount: 0, run: expect.objectContaining({ status: 'running', scanCount: 3 }) },
    ]);
    const scan = { trigger: 'schedule', mode: 'standard', isOurs: true };
    expect(await scans()).toEqual([
      { url: 'https://bare.example/', ...scan },
      { url: 'https://open.example/a', ...scan },
      { url: 'https://open.example/b', ...scan },
    ]);
    const [jobs] = await test.sql(
      `SELECT count(*)::int AS count FROM outbox_events JOIN scan_results AS scan ON scan.id::text = payload ->> 'scanId'
        WHERE trigger = 'schedule' AND schedule_execution_id IN (SELECT id FROM schedule_executions WHERE schedule_id = $1)`,
      [id],
    );
    expect(jobs).toEqual({ count: 3 });
    expect(await schedules.find(id)).toMatchObject({
      state: 'active',
      nextRunAt: '2199-01-01T00:00:00.000Z',
    });
    expect(await schedules.listDue(100)).not.toContain(id);
  });

  it('plan no time twice, not even after a restart that forgot what was decided', async () => {
    const { id, scans } = await shops();
    await schedules.runDue(id, decision({ next: { plannedAt: LONG_AGO, beginsAt: LONG_AGO } }));
    const again = await schedules.runDue(id, decision());
    expect(again?.run).toBeNull();
    expect(await scans()).toHaveLength(3);
    expect(await runsOf(id)).toHaveLength(1);
  });

  it('leave a run out while the one before still works, unless both may', async () => {
    const later = new Date('2026-01-02T06:30:00Z');
    const second = decision({ run: { plannedAt: later, beginsAt: later } });
    const { id } = await shops();
    await schedules.runDue(id, decision({ next: { plannedAt: later, beginsAt: later } }));
    expect((await schedules.runDue(id, second))?.run).toMatchObject({ status: 'skipped', reason: 'overlap' });

    const { id: other } = await shops({ overlapPolicy: 'allow' });
    await schedules.runDue(other, decision({ next: { plannedAt: later, beginsAt: later } }));
    expect((await schedules.runDue(other, second))?.run).toMatchObject({ status: 'running', scanCount: 3 });
  });

  it('record what was missed, and end when nothing follows', async () => {
    const { id } = await shops();
    const earlier = {
      plannedAt: new Date('2025-12-31T06:30:00Z'),
      beginsAt: new Date('2025-12-31T06:30:00Z'),
    };
    const turn = await schedules.runDue(id, decision({ run: null, missed: [earlier], next: null }));
    expect(turn).toEqual({ missedCount: 1, run: null });
    expect(await runsOf(id)).toMatchObject([
      { plannedAt: earlier.plannedAt.toISOString(), status: 'skipped', statusReason: 'misfire' },
    ]);
    expect(await schedules.find(id)).toMatchObject({
      state: 'finished',
      nextRunAt: null,
      nextPlannedAt: null,
    });
  });

  it('say why a run does nothing: no active site, or a profile that is out of use', async () => {
    const { id } = await shops({ target: { kind: 'labels', labels: ['nowhere'] } });
    expect((await schedules.runDue(id, decision()))?.run).toMatchObject({ reason: 'no_active_domains' });
    const { id: other, profileId } = await shops();
    await test.sql(
      `UPDATE scan_profiles SET retired_at = now() WHERE workspace_id = (SELECT workspace_id FROM scan_profiles WHERE id = $1)`,
      [profileId],
    );
    expect((await schedules.runDue(other, decision()))?.run).toMatchObject({
      status: 'failed',
      reason: 'profile_retired',
    });
  });

  it.each([
    [['success', 'blocked', 'partial'], { status: 'success', scansFailed: 0 }],
    [['success', 'failed', 'cancelled'], { status: 'partial', scansFailed: 2 }],
    [['failed', 'failed', 'failed'], { status: 'failed', scansFailed: 3 }],
  ])('end a run when its scans have ended: %s', async (statuses, outcome) => {
    const { id } = await shops();
    await schedules.runDue(id, decision());
    await schedules.finishRuns();
    expect(await runsOf(id)).toMatchObject([{ status: 'running', scansPlanned: 3 }]);
    await endScans(id, statuses);
    expect(await schedules.finishRuns()).toBe(1);
    expect(await runsOf(id)).toMatchObject([{ ...outcome, finishedAt: expect.any(String) }]);
  });

  it('run now when told to, but not beside another run', async () => {
    const { id, walled, openId } = await shops();
    await walled.change(
      id,
      () => ({
        decided: { state: 'paused', target: { kind: 'domains', domainIds: [openId] } },
        next: null,
        action: 'schedule.pause',
      }),
      BY,
    );
    expect(await schedules.listDue(100)).not.toContain(id);
    expect(await walled.runNow(id, BY)).toMatchObject({ status: 'running', scansPlanned: 2 });
    await expect(walled.runNow(id, BY)).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('are of one workspace, with its own profiles and sites', async () => {
    const mine = await shops();
    const theirs = await shops();
    expect(await theirs.walled.find(mine.id)).toBeNull();
    expect(await theirs.walled.runNow(mine.id, BY)).toBeNull();
    expect(await theirs.walled.remove(mine.id, BY)).toBe(false);
    expect((await theirs.walled.list({ cursor: null, limit: 9 })).items.map(({ id }) => id)).toEqual([
      theirs.id,
    ]);
    const change = (decided: object) =>
      theirs.walled.change(theirs.id, () => ({ decided, next: FAR_AWAY, action: 'schedule.update' }), BY);
    await expect(change({ profileId: mine.profileId })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(change({ target: { kind: 'domains', domainIds: [mine.openId] } })).rejects.toMatchObject({
      details: { errors: [{ pointer: '#/target/domainIds/0' }] },
    });
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_WORKSPACE_ID } from './default-workspace.ts';
import { ACCOUNT_TABLES } from './table-cases/account-tables.test.fixture.ts';
import { JUDGEMENT_TABLES } from './table-cases/judgement-tables.test.fixture.ts';
import { SCAN_TABLES } from './table-cases/scan-tables.test.fixture.ts';
import { rowMaker, type Row, type RowMaker } from './table-cases/table-case.test.fixture.ts';
import { WORK_TABLES } from './table-cases/work-tables.test.fixture.ts';
import { createTestDatabase, type TestDatabase } from './testing/create-test-database.ts';

const TABLES = [...ACCOUNT_TABLES, ...SCAN_TABLES, ...JUDGEMENT_TABLES, ...WORK_TABLES];

/** What belongs to a scan, a person, a workspace and others, and goes with them. */
const OWNED = [
  ['cookies', 'scan_id', 'scan_results'],
  ['pages', 'scan_id', 'scan_results'],
  ['storage_items', 'scan_id', 'scan_results'],
  ['findings', 'scan_id', 'scan_results'],
  ['anomalies', 'scan_id', 'scan_results'],
  ['reports', 'scan_id', 'scan_results'],
  ['annotations', 'scan_id', 'scan_results'],
  ['api_keys', 'user_id', 'users'],
  ['refresh_sessions', 'user_id', 'users'],
  ['user_tokens', 'user_id', 'users'],
  ['notification_preferences', 'user_id', 'users'],
  ['workspace_members', 'user_id', 'users'],
  ['workspace_members', 'workspace_id', 'workspaces'],
  ['workspace_retention', 'workspace_id', 'workspaces'],
  ['domain_configs', 'workspace_id', 'workspaces'],
  ['scan_profiles', 'workspace_id', 'workspaces'],
  ['schedules', 'workspace_id', 'workspaces'],
  ['baselines', 'workspace_id', 'workspaces'],
  ['baseline_approvals', 'workspace_id', 'workspaces'],
  ['baseline_approvals', 'baseline_id', 'baselines'],
  ['category_overrides', 'workspace_id', 'workspaces'],
  ['cookie_sightings', 'workspace_id', 'workspaces'],
  ['webhook_endpoints', 'workspace_id', 'workspaces'],
  ['plugin_workspaces', 'plugin_id', 'plugins'],
  ['schedule_executions', 'schedule_id', 'schedules'],
  ['webhook_deliveries', 'endpoint_id', 'webhook_endpoints'],
] as const;

describe('deletion', () => {
  let test: TestDatabase;
  let make: RowMaker;

  beforeAll(async () => {
    test = await createTestDatabase();
    make = rowMaker(test);
  });
  afterAll(() => test.drop());

  const goodRow = async (table: string, change: Row = {}): Promise<Row> => {
    const found = TABLES.find((each) => each.table === table);
    if (!found) throw new Error(`no case for ${table}`);
    return make.insert(table, { ...(await found.good(make)), ...change });
  };

  it.each(OWNED)('of its owner takes a row of %s along (%s)', async (table, column, owners) => {
    const row = await goodRow(table);
    await test.sql(`DELETE FROM ${owners} WHERE id = $1`, [row[column]]);
    expect(await test.sql(`SELECT FROM ${table} WHERE ${column} = $1`, [row[column]])).toEqual([]);
  });

  it('of a workspace takes its scans along, and what they brought', async () => {
    const workspaceId = await make.workspace();
    const scanId = await make.scan({ workspace_id: workspaceId });
    await goodRow('cookies', { scan_id: scanId });
    await test.sql('DELETE FROM workspaces WHERE id = $1', [workspaceId]);
    expect(await test.sql('SELECT FROM scan_results WHERE id = $1', [scanId])).toEqual([]);
    expect(await test.sql('SELECT FROM cookies WHERE scan_id = $1', [scanId])).toEqual([]);
  });

  it('of a person leaves what they made, without their name', async () => {
    const userId = await make.user();
    const made: [string, string, Row][] = [
      ['workspaces', 'created_by', {}],
      ['domain_configs', 'created_by', {}],
      ['scan_results', 'requested_by', {}],
      ['annotations', 'author_id', {}],
      ['findings', 'decided_by', { decided_at: '2100-01-01', state: 'accepted' }],
    ];
    const rows = await Promise.all(
      made.map(async ([table, column, change]) => {
        const row = await goodRow(table, { ...change, [column]: userId });
        return { table, column, id: row['id'] };
      }),
    );
    await test.sql('DELETE FROM users WHERE id = $1', [userId]);
    for (const { table, column, id } of rows) {
      expect(await test.sql(`SELECT ${column} AS who FROM ${table} WHERE id = $1`, [id])).toEqual([
        { who: null },
      ]);
    }
  });

  it('of a profile, a batch or a scan leaves the scans that name it', async () => {
    const profile = await goodRow('scan_profiles');
    const batch = await goodRow('scan_batches');
    const firstId = await make.scan();
    const id = await make.scan({ profile_id: profile['id'], batch_id: batch['id'], retry_of: firstId });
    await test.sql('DELETE FROM scan_profiles WHERE id = $1', [profile['id']]);
    await test.sql('DELETE FROM scan_batches WHERE id = $1', [batch['id']]);
    await test.sql('DELETE FROM scan_results WHERE id = $1', [firstId]);
    expect(
      await test.sql('SELECT profile_id, batch_id, retry_of FROM scan_results WHERE id = $1', [id]),
    ).toEqual([{ profile_id: null, batch_id: null, retry_of: null }]);
  });

  it('of a scan leaves what people were told of it, and since when a site has its cookies', async () => {
    const scanId = await make.scan();
    const notification = await goodRow('notifications', { scan_id: scanId });
    const sighting = await goodRow('cookie_sightings', { first_scan_id: scanId });
    await test.sql('DELETE FROM scan_results WHERE id = $1', [scanId]);
    expect(await test.sql('SELECT scan_id FROM notifications WHERE id = $1', [notification['id']])).toEqual([
      { scan_id: null },
    ]);
    expect(
      await test.sql('SELECT first_scan_id FROM cookie_sightings WHERE id = $1', [sighting['id']]),
    ).toEqual([{ first_scan_id: null }]);
  });

  it('of a role that somebody has, of the default workspace and of a built-in profile is refused', async () => {
    const userId = await make.user();
    await test.sql(`INSERT INTO user_roles (user_id, role_id) SELECT $1, id FROM roles WHERE name = 'PI'`, [
      userId,
    ]);
    await expect(test.sql(`DELETE FROM roles WHERE name = 'PI'`)).rejects.toMatchObject({
      constraint: 'user_roles_role_id_fkey',
    });
    await expect(
      test.sql('DELETE FROM workspaces WHERE id = $1', [DEFAULT_WORKSPACE_ID]),
    ).rejects.toMatchObject({ constraint: 'workspaces_default_stays' });
    await expect(test.sql(`DELETE FROM scan_profiles WHERE slug = 'quick'`)).rejects.toMatchObject({
      constraint: 'scan_profiles_built_in_stays',
    });
  });

  it('is not the only thing a profile refuses: a version is final, and its name may still change', async () => {
    const profile = await goodRow('scan_profiles');
    await expect(
      test.sql(`UPDATE scan_profiles SET params = '{"mode": "deep"}' WHERE id = $1`, [profile['id']]),
    ).rejects.toMatchObject({ constraint: 'scan_profiles_version_is_final' });
    await test.sql(`UPDATE scan_profiles SET name = 'Renamed', retired_at = now() WHERE id = $1`, [
      profile['id'],
    ]);
  });

  it('of a workspace leaves the audit log as it was', async () => {
    const workspaceId = await make.workspace();
    await goodRow('audit_logs', { workspace_id: workspaceId });
    await test.sql('DELETE FROM workspaces WHERE id = $1', [workspaceId]);
    expect(await test.sql('SELECT sequence FROM audit_logs WHERE workspace_id = $1', [workspaceId])).toEqual([
      { sequence: '1' },
    ]);
  });
});

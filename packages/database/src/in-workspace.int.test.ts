import { randomUUID } from 'node:crypto';
import { scanParamsSchema } from '@cookie-scanner/contracts';
import { silentLogger } from '@cookie-scanner/observability';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditRepository } from './audit.repository.ts';
import { DEFAULT_WORKSPACE_ID } from './default-workspace.ts';
import { inWorkspace } from './in-workspace.ts';
import { databaseAccess, openDatabase, type Database } from './open-database.ts';
import { reportRepository } from './report.repository.ts';
import { scanRepository } from './scan.repository.ts';
import { createTestDatabase, type TestDatabase } from './testing/create-test-database.ts';

const OTHER = '11111111-1111-4111-8111-111111111111';
let database: TestDatabase;
let opened: Database;
let ownScanId: string;
let otherScanId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  opened = openDatabase({ url: database.url, logger: silentLogger });
  await database.sql(`INSERT INTO workspaces (id, name, slug) VALUES ($1, 'Other', 'other')`, [OTHER]);
  ownScanId = await submit(DEFAULT_WORKSPACE_ID);
  otherScanId = await submit(OTHER);
  for (const scanId of [ownScanId, otherScanId]) {
    await reportRepository(opened).createForScan(scanId, ['html']);
    await database.sql(
      `INSERT INTO pages (scan_id, scanned_at, position, url, status)
       VALUES ($1, now(), 0, 'https://shop.example/', 'success')`,
      [scanId],
    );
  }
});
afterAll(async () => {
  await opened.close();
  await database.drop();
});

async function submit(workspaceId: string): Promise<string> {
  const scans = scanRepository(inWorkspace(opened, workspaceId));
  const params = scanParamsSchema.parse({});
  return (await scans.create({ requestedUrl: 'https://shop.example/', params })).id;
}

/** Runs SQL as somebody inside a workspace would, without any condition of ours. */
function behindTheWall<TRow>(workspaceId: string, text: string): Promise<TRow[]> {
  return databaseAccess(inWorkspace(opened, workspaceId)).query((prisma) =>
    prisma.$queryRawUnsafe<TRow[]>(text),
  );
}

describe('inside a workspace', () => {
  it('repositories find what is theirs, and nothing of another', async () => {
    const own = inWorkspace(opened, DEFAULT_WORKSPACE_ID);
    const scans = scanRepository(own);
    expect((await scans.find(ownScanId))?.id).toBe(ownScanId);
    expect(await scans.find(otherScanId)).toBeNull();
    expect(await scans.listCookies(otherScanId, { cursor: null, limit: 10 })).toBeNull();
    expect(await scans.observationArtifact(otherScanId)).toBeNull();
    expect(await reportRepository(own).findByScan(ownScanId, 'html')).not.toBeNull();
    expect(await reportRepository(own).findByScan(otherScanId, 'html')).toBeNull();
  });

  it('PostgreSQL shows nothing of another to a query that forgot to ask whose it is', async () => {
    for (const [table, column] of [
      ['scan_results', 'id'],
      ['reports', 'scan_id'],
      ['pages', 'scan_id'],
    ]) {
      const rows = await behindTheWall<{ id: string }>(OTHER, `SELECT ${column} AS id FROM ${table}`);
      expect(rows).toEqual([{ id: otherScanId }]);
    }
    expect(await behindTheWall(randomUUID(), 'SELECT FROM scan_results')).toEqual([]);
    const workspaces = await behindTheWall<{ id: string }>(OTHER, 'SELECT id FROM workspaces');
    expect(workspaces).toEqual([{ id: OTHER }]);
  });

  it('nothing of another can be changed, removed, or put there', async () => {
    const changed = await behindTheWall(
      OTHER,
      `UPDATE scan_results SET status_reason = 'x' WHERE id = '${ownScanId}' RETURNING id`,
    );
    const removed = await behindTheWall(
      OTHER,
      `DELETE FROM scan_results WHERE id = '${ownScanId}' RETURNING id`,
    );
    expect([changed, removed]).toEqual([[], []]);
    for (const statement of [
      `INSERT INTO scan_results (requested_url, params, workspace_id)
         VALUES ('https://x.example/', '{}', '${DEFAULT_WORKSPACE_ID}')`,
      `UPDATE scan_results SET workspace_id = '${DEFAULT_WORKSPACE_ID}'`,
    ]) {
      await expect(behindTheWall(OTHER, statement)).rejects.toThrow(/row-level security/);
    }
  });

  it.each(['users', 'refresh_sessions', 'user_tokens', 'outbox_events', 'plugins', 'ml_models'])(
    '%s is out of reach',
    async (table) => {
      await expect(behindTheWall(OTHER, `SELECT * FROM ${table}`)).rejects.toThrow(/permission denied/);
    },
  );

  it('what is done is recorded in the chain of the workspace, which alone is seen', async () => {
    const entry = { actorKind: 'system', action: 'scan.create' } as const;
    await auditRepository(inWorkspace(opened, OTHER)).append({ ...entry, workspaceId: OTHER });
    await auditRepository(opened).append(entry);
    expect(await behindTheWall(OTHER, 'SELECT DISTINCT chain FROM audit_logs')).toEqual([{ chain: OTHER }]);
  });

  it('built-in profiles are seen by everybody and changed by nobody', async () => {
    const profiles = await behindTheWall(OTHER, 'SELECT FROM scan_profiles WHERE workspace_id IS NULL');
    expect(profiles.length).toBeGreaterThan(0);
    const removed = await behindTheWall(OTHER, 'DELETE FROM scan_profiles RETURNING id');
    expect(removed).toEqual([]);
  });
});

describe('the services that work for all workspaces', () => {
  it('see everything, also on a connection that was inside a workspace before', async () => {
    await Promise.all(
      Array.from({ length: 20 }, () => scanRepository(inWorkspace(opened, OTHER)).find(otherScanId)),
    );
    const found = await Promise.all(
      [ownScanId, otherScanId].flatMap((id) =>
        Array.from({ length: 10 }, () => scanRepository(opened).find(id)),
      ),
    );
    expect(found.every((scan) => scan !== null)).toBe(true);
  });
});

describe('every table', () => {
  it('whose rows belong to a workspace has the wall', async () => {
    const rows = await database.sql<{ name: string }>(`
      SELECT class.relname AS name FROM pg_attribute AS attribute
        JOIN pg_class AS class ON class.oid = attribute.attrelid
       WHERE attribute.attname IN ('workspace_id', 'scan_id', 'schedule_id') AND class.relkind IN ('r', 'p')
         AND NOT class.relispartition AND class.relnamespace = 'public'::regnamespace
         AND NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = class.oid AND polname = 'workspace_wall'
                            AND class.relrowsecurity)`);
    expect(rows).toEqual([]);
  });

  it('that somebody inside a workspace may read has the wall, months of it included', async () => {
    const rows = await database.sql<{ name: string }>(`
      SELECT class.relname AS name FROM pg_class AS class
       WHERE class.relnamespace = 'public'::regnamespace AND class.relkind IN ('r', 'p', 'v', 'm')
         AND has_any_column_privilege('cookie_scanner_workspace', class.oid, 'SELECT, UPDATE')
         AND NOT (class.relrowsecurity AND EXISTS (
           SELECT FROM pg_policy WHERE polrelid = class.oid AND polname = 'workspace_wall'))`);
    expect(rows).toEqual([]);
  });
});

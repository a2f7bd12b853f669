import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DEFAULT_WORKSPACE_ID, migrateDatabase } from '@cookie-scanner/database';
import { startTestRedisServer } from '@cookie-scanner/redis/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  findPostgresPrograms,
  startMachinePostgres,
  type MachinePostgres,
} from './machine-postgres.test.fixture.ts';
import {
  openAccount,
  PERSON,
  startRestorablePlatform,
  type RestorablePlatform,
} from './restorable-platform.test.fixture.ts';

/** Above everything that a busy machine may take; a minute in ordinary times. */
const TEST_TIMEOUT_MS = 900_000;
const DEADLINE_MS = 300_000;

const ROLE = 'cookie_scanner';
/** As docs/BACKUP.md has them. */
const ROLES = [
  `CREATE ROLE ${ROLE} LOGIN`,
  'CREATE ROLE cookie_scanner_workspace NOLOGIN',
  `GRANT cookie_scanner_workspace TO ${ROLE}`,
];

/** What a schema is made of, and who may do what with it. */
const SCHEMA = {
  relations: `SELECT relname, relkind, relrowsecurity FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1`,
  policies: 'SELECT tablename, policyname, roles, qual, with_check FROM pg_policies ORDER BY 1, 2',
  grants: `SELECT table_name, privilege_type, grantee FROM information_schema.role_table_grants
            WHERE table_schema = 'public' ORDER BY 1, 2, 3`,
  triggers: `SELECT tgrelid::regclass::text AS name, tgname, pg_get_triggerdef(oid) AS definition FROM pg_trigger
              WHERE NOT tgisinternal ORDER BY 1, 2`,
  // Without their parentheses, which PostgreSQL sets anew when it reads what it wrote.
  constraints: `SELECT conrelid::regclass::text AS name, conname, translate(pg_get_constraintdef(oid), '()', '') AS definition FROM pg_constraint
                 WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2`,
};

/** What is wrong with a scan that ended, as SQL that is true then. */
const FLAWS = `
  scan.status <> 'success' OR scan.settled_at IS NULL
  OR (SELECT count(*) FROM cookies WHERE scan_id = scan.id) <> 2
  OR (SELECT array_agg(format::text || ' ' || state ORDER BY format) FROM reports WHERE scan_id = scan.id)
       IS DISTINCT FROM ARRAY['html ready', 'json ready']
  OR (SELECT count(*) > 0 AND count(*) = count(DISTINCT (channel, recipient)) FROM notifications WHERE scan_id = scan.id)
       IS NOT TRUE
  OR scan.observation_key IS DISTINCT FROM 'scans/' || scan.id || '/' || scan.attempt || '/observation.json.gz'`;

/** Rows of the audit log that are not what their writer left, or that do not follow the one before. */
const BROKEN_AUDIT_LOGS = `
  SELECT chain, sequence FROM (
    SELECT chain, sequence, hash = audit_log_hash(entry) AS is_whole,
           previous_hash = coalesce(lag(hash) OVER (PARTITION BY chain ORDER BY sequence), repeat('0', 64)) AS follows
      FROM audit_logs AS entry) AS checked WHERE NOT is_whole OR NOT follows`;

const programs = findPostgresPrograms();
const whereThereAreTools = programs === null ? it.skip : it;
let postgres: MachinePostgres;
let folder: string;
const open: (() => Promise<void>)[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'backup-'));
  if (programs !== null) postgres = await startMachinePostgres(programs);
}, TEST_TIMEOUT_MS);
afterAll(async () => {
  for (const close of open.toReversed()) await close();
  if (programs !== null) await postgres.close();
  rmSync(folder, { recursive: true, force: true });
}, TEST_TIMEOUT_MS);

/** An empty server: the roles, and a database of the one that the services work as. */
async function makeEmptyDatabase(name: string): Promise<string> {
  for (const statement of ROLES) await postgres.execute(statement);
  await postgres.execute(`CREATE DATABASE ${name} OWNER ${ROLE}`);
  return postgres.url(ROLE, name);
}

async function startPlatform(databaseUrl: string, artifactsDir: string): Promise<RestorablePlatform> {
  const redis = await startTestRedisServer();
  open.push(() => redis.close());
  const platform = await startRestorablePlatform({
    ...{ databaseUrl, artifactsDir, redisUrl: redis.url },
    logPath: join(folder, 'services.log'),
    searchPath: process.env['PATH'] ?? '',
  });
  open.push(() => platform.kill());
  return platform;
}

async function submit(platform: RestorablePlatform, key: string, url: string): Promise<string> {
  const response = await platform.ask('/scans', { key, body: { url } });
  expect(response.status).toBe(202);
  return ((await response.json()) as { id: string }).id;
}

/** Waits until a query finds something. */
async function until(text: string, url: string): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while ((await postgres.sql(text, url)).length === 0) {
    if (performance.now() > deadline) throw new Error(`in vain: ${text}`);
    await delay(100);
  }
}

async function untilAllEnded(url: string): Promise<void> {
  await until(`SELECT 1 WHERE NOT EXISTS (SELECT FROM scan_results WHERE settled_at IS NULL)`, url);
}

async function schemaOf(url: string): Promise<Record<string, unknown>> {
  const entries = Object.entries(SCHEMA).map(async ([name, query]) => [name, await postgres.sql(query, url)]);
  return Object.fromEntries(await Promise.all(entries)) as Record<string, unknown>;
}

/** Scans that are done, some that a worker has, which stands still, and some that wait. */
async function fillWithScans(platform: RestorablePlatform, key: string, url: string): Promise<string[]> {
  const ids = [
    await submit(platform, key, 'https://done-1.example/'),
    await submit(platform, key, 'https://done-2.example/'),
  ];
  await untilAllEnded(url);
  for (;;) {
    for (let n = 0; n < 4; n += 1)
      ids.push(await submit(platform, key, `https://later-${ids.length}.example/?takes=3000`));
    await until(`SELECT 1 FROM scan_results WHERE status = 'running'`, url);
    platform.worker.kill('SIGSTOP');
    const [states] = await postgres.sql<{ running: number; queued: number }>(
      `SELECT count(*) FILTER (WHERE status = 'running') AS running, count(*) FILTER (WHERE status = 'queued') AS queued
         FROM scan_results`,
      url,
    );
    if (states && states.running > 0 && states.queued > 0) return ids;
    // They ended in between: once more.
    platform.worker.kill('SIGCONT');
  }
}

describe('a backup that was taken while the platform worked (needs initdb, pg_dump and pg_restore of this machine)', () => {
  whereThereAreTools(
    'is restored to an empty server with an empty Redis: every scan ends once, walls and people are as they were',
    async () => {
      const firstUrl = await makeEmptyDatabase('cookie_scanner');
      await migrateDatabase(firstUrl);
      const key = await openAccount(firstUrl);
      const first = await startPlatform(firstUrl, join(folder, 'artifacts'));
      const acknowledged = await fillWithScans(first, key, firstUrl);

      // The database first, then the files, and what comes in between is not of this backup.
      const dump = join(folder, 'cookie-scanner.dump');
      await postgres.runTool('pg_dump', ['--format=custom', `--file=${dump}`, firstUrl]);
      await submit(first, key, 'https://too-late.example/');
      cpSync(join(folder, 'artifacts'), join(folder, 'artifacts-of-backup'), { recursive: true });
      const schema = await schemaOf(firstUrl);

      // The machine is lost.
      await first.kill();
      await postgres.execute('DROP DATABASE cookie_scanner WITH (FORCE)');
      await postgres.execute(`DROP ROLE cookie_scanner_workspace, ${ROLE}`);

      const url = await makeEmptyDatabase('cookie_scanner');
      await postgres.runTool('pg_restore', ['--no-owner', '--exit-on-error', `--dbname=${url}`, dump]);
      expect(await schemaOf(url)).toEqual(schema);
      const restored = await postgres.sql<{ id: string; status: string }>(
        'SELECT id, status FROM scan_results',
        url,
      );
      expect(restored.map(({ id }) => id).sort()).toEqual([...acknowledged].sort());
      expect(restored.map(({ status }) => status)).toEqual(
        expect.arrayContaining(['queued', 'running', 'success']),
      );

      await migrateDatabase(url);
      mkdirSync(join(folder, 'restored'));
      cpSync(join(folder, 'artifacts-of-backup'), join(folder, 'restored', 'artifacts'), { recursive: true });
      const second = await startPlatform(url, join(folder, 'restored', 'artifacts'));
      // The key is as good as before, and what is new gets its place behind what is old.
      const later = await submit(second, key, 'https://afterwards.example/');
      await untilAllEnded(url);
      expect(await postgres.sql(`SELECT id, status FROM scan_results AS scan WHERE ${FLAWS}`, url)).toEqual(
        [],
      );
      const all = await postgres.sql<{ id: string; key: string }>(
        'SELECT id, observation_key AS key FROM scan_results',
        url,
      );
      expect(all.map(({ id }) => id).sort()).toEqual([...acknowledged, later].sort());
      for (const scan of all)
        expect([scan.id, existsSync(join(folder, 'restored', 'artifacts', scan.key))]).toEqual([
          scan.id,
          true,
        ]);

      const login = await second.ask('/auth/login', { body: PERSON });
      expect([login.status, await login.json()]).toEqual([
        200,
        expect.objectContaining({ status: 'signed_in' }),
      ]);
      expect(await postgres.sql(BROKEN_AUDIT_LOGS, url)).toEqual([]);
      const scans = 'SELECT id FROM scan_results';
      expect(await postgres.sql(scans, behindTheWall(url, null))).toEqual([]);
      expect(await postgres.sql(scans, behindTheWall(url, DEFAULT_WORKSPACE_ID))).toHaveLength(all.length);
    },
    TEST_TIMEOUT_MS,
  );
});

/** The same database, seen from inside a workspace, or from inside none. */
function behindTheWall(url: string, workspaceId: string | null): string {
  const settings = ['role=cookie_scanner_workspace'];
  if (workspaceId !== null) settings.push(`cookie_scanner.workspace_id=${workspaceId}`);
  return `${url}?options=${encodeURIComponent(settings.map((setting) => `-c ${setting}`).join(' '))}`;
}

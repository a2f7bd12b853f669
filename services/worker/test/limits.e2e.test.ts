import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { scanParamsSchema } from '@cookie-scanner/contracts';
import { openDatabase, scanRepository, type Database, type ScanRepository } from '@cookie-scanner/database';
import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { silentLogger } from '@cookie-scanner/observability';
import { testRedis } from '@cookie-scanner/redis/testing';
import { startTestWeb, type TestWeb } from '@cookie-scanner/test-web';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { gatedSite, type GatedSite } from './gated-site.ts';
import { startService, type ServiceProcess } from './service-process.ts';

const run = promisify(execFile);

/** Limits and mounts are set by root alone; as anybody else these tests are skipped and say so. */
const asRoot = process.getuid?.() === 0 ? describe : describe.skip;
const TEST_TIMEOUT_MS = 120_000;
/** Too few for a browser: its user has other processes beside. */
const PROCESSES_MAX = 20;
/** Fewer files than a worker wants to have left for a scan, and as many as its health pages need. */
const FILES_LEFT_FEW = 40;
/** Fewer than the egress gateway of a scan needs to hear of every connection. */
const FILES_LEFT_NONE = 4;

/**
 * Gives what follows a folder for temporary files that is full, in which a dead worker left a profile, and a full
 * /dev/shm. Both are mounted for it alone, so nothing stays whatever happens.
 */
const FULL_FOLDERS = `set -e
mount -t tmpfs -o size=300m,mode=1777 tmpfs "$TMPDIR"
mkdir "$TMPDIR/cookie-scanner-profile-999999999-dead"
head -c 295m /dev/zero >"$TMPDIR/filler"
mount -t tmpfs -o size=64k tmpfs /dev/shm
head -c 64k /dev/zero >/dev/shm/filler
exec "$@"`;

/** Waits until `condition` holds; the test's own timeout is the deadline. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(100);
}

asRoot('a worker whose machine has not enough of something (needs root)', () => {
  const redis = testRedis();
  let gated: GatedSite;
  let web: TestWeb;
  let testDatabase: TestDatabase;
  let database: Database;
  let scans: ScanRepository;
  let folder: string;
  let scheduler: ServiceProcess;
  let worker: ServiceProcess;
  let scanId: string;

  beforeAll(async () => {
    gated = gatedSite();
    web = await startTestWeb({ extraSites: [gated.site] });
    testDatabase = await createTestDatabase();
    database = openDatabase({ url: testDatabase.url, logger: silentLogger });
    scans = scanRepository(database);
    folder = await mkdtemp(join(tmpdir(), 'worker-e2e-'));
    await chmod(folder, 0o755); // The browser's user passes through it.
    const settings = {
      DATABASE_URL: testDatabase.url,
      REDIS_URL: redis.url,
      REDIS_PREFIX: redis.prefix,
      ARTIFACTS_DIR: join(folder, 'artifacts'),
      HEALTH_PORT: '0',
      SCAN_HOST_RESOLVER_RULES: web.hostResolverRules,
      SCAN_IGNORE_CERTIFICATE_ERRORS: 'true',
    };
    scheduler = startService('scheduler', settings);
    worker = startService('worker', { ...settings, TMPDIR: await mkdtemp(join(folder, 'tmp-')) }, [
      ...['prlimit', `--nproc=${PROCESSES_MAX}:`],
      ...['unshare', '--mount', '--propagation', 'private', 'sh', '-c', FULL_FOLDERS, 'sh'],
    ]);
  }, TEST_TIMEOUT_MS);

  afterAll(async () => {
    await Promise.all([worker.kill(), scheduler.kill()]);
    gated.open();
    await web.close();
    await database.close();
    await testDatabase.drop();
    await redis.cleanup();
    await rm(folder, { recursive: true, force: true });
  });

  /** The worker's folder for temporary files, as it sees it itself. */
  async function temporaryFolder(): Promise<string> {
    const [name] = (await readdir(folder)).filter((each) => each.startsWith('tmp-'));
    return `/proc/${worker.pid}/root${join(folder, name ?? '')}`;
  }

  async function health(page: 'live' | 'ready'): Promise<{ status: number; text: string }> {
    const port = worker.log.find(({ healthPort }) => healthPort !== undefined)?.['healthPort'];
    if (typeof port !== 'number') return { status: 0, text: '' };
    const response = await fetch(`http://127.0.0.1:${port}/health/${page}`);
    return { status: response.status, text: await response.text() };
  }

  async function untilReadySays(status: number, words = ''): Promise<void> {
    await until(async () => {
      const ready = await health('ready');
      return ready.status === status && ready.text.includes(words);
    });
  }

  /** Sets a soft limit, which may be raised again up to the hard one; null raises it that far. */
  async function limit(name: 'nproc' | 'nofile', value: number | null): Promise<void> {
    const row = { nproc: 'Max processes', nofile: 'Max open files' }[name];
    const limits = await readFile(`/proc/${worker.pid}/limits`, 'utf8');
    const hard = new RegExp(`^${row}\\s+\\S+\\s+(\\S+)`, 'm').exec(limits)?.[1];
    await run('prlimit', [`--pid=${worker.pid}`, `--${name}=${value ?? hard}:`]);
  }

  async function leaveFiles(left: number): Promise<void> {
    const open = await readdir(`/proc/${worker.pid}/fd`);
    await limit('nofile', open.length + left);
  }

  it(
    'with a full /tmp it starts, says so on its health page and takes no scan',
    async () => {
      await untilReadySays(503, 'There is no room for its profile');
      expect((await health('live')).status).toBe(200);
      const params = scanParamsSchema.parse({ mode: 'quick', timeoutMs: 60_000 });
      ({ id: scanId } = await scans.create({ requestedUrl: gated.site.url, params }));
      await until(() => worker.log.some((line) => JSON.stringify(line).includes('runs no scans now')));
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'with too few processes it says that, once there is room, and has swept what a dead worker left',
    async () => {
      await rm(join(await temporaryFolder(), 'filler'));
      await untilReadySays(503, 'ulimit -u');
      expect(await readdir(await temporaryFolder())).toEqual([]);
      await expect(scans.find(scanId)).resolves.toMatchObject({ status: 'queued', attempt: 0 });
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'recovers by itself, and scans what waited although /dev/shm is full',
    async () => {
      await limit('nproc', null);
      await untilReadySays(200);
      await until(() => gated.arrivals() === 1);
      await expect(scans.find(scanId)).resolves.toMatchObject({ status: 'running', attempt: 1 });
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'with too few files left it says so; a scan that is cut off by it is tried again when there are some',
    async () => {
      await leaveFiles(FILES_LEFT_FEW);
      await untilReadySays(503, 'ulimit -n');
      await leaveFiles(FILES_LEFT_NONE);
      await until(async () => (await scans.find(scanId))?.status === 'queued');

      await limit('nofile', null);
      await untilReadySays(200);
      gated.open();
      await until(async () => (await scans.find(scanId))?.status === 'success');
      await expect(scans.find(scanId)).resolves.toMatchObject({ attempt: 2, totals: { cookies: 3 } });
    },
    TEST_TIMEOUT_MS,
  );

  it('has never ended meanwhile', async () => {
    const ended = await Promise.race([worker.ended, Promise.resolve('runs')]);
    expect(ended).toBe('runs');
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DEFAULT_WORKSPACE_ID } from '@cookie-scanner/database';
import { createBenchDatabase } from '@cookie-scanner/database/bench';
import { freePort } from '@cookie-scanner/local-stack';
import pg from 'pg';
import { BENCH_SECRETS, prepareCallers } from '../api/prepare-api.ts';
import { startMeasured, type MeasuredProcess } from './measured-process.ts';

/** A platform of real processes whose workers visit nothing, with a database and a prefix of its own. */
export interface QueuePlatform {
  readonly processes: readonly MeasuredProcess[];
  /** The database, for whoever looks from outside. */
  readonly sql: pg.Client;
  /** Submits one scan, over the API. */
  submit(url: string): Promise<void>;
  /** Submits so many at once. */
  submitMany(count: number): Promise<void>;
  close(): Promise<void>;
}

/** How a platform is made up. */
export interface PlatformOptions {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly workers: number;
  /** Scans that each worker works on at the same time. */
  readonly concurrency: number;
  /** Also starts what comes after a scan: `report` and `notifier`. */
  readonly withFollowUps: boolean;
  /** Where CPU profiles are left; null for none. */
  readonly profileFolder: string | null;
}

const ROOT_DIR = fileURLToPath(new URL('../../../..', import.meta.url));
const BETWEEN_LOOKS_MS = 50;
const READY_WITHIN_MS = 120_000;

/** Starts a platform and waits until every process of it is ready. */
export async function openQueuePlatform(options: PlatformOptions): Promise<QueuePlatform> {
  const folder = mkdtempSync(join(tmpdir(), 'queue-bench-'));
  const database = await createBenchDatabase(options.databaseUrl);
  const sql = new pg.Client({ connectionString: database.url });
  const processes: MeasuredProcess[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(processes.map((each) => each.stop()));
    await sql.end();
    await database.drop();
    rmSync(folder, { recursive: true });
  };
  try {
    await sql.connect();
    const { keys } = await prepareCallers(database.url, DEFAULT_WORKSPACE_ID, 1);
    const gatewayPort = await freePort();
    const settings = {
      ENV_FILE: 'none',
      DATABASE_URL: database.url,
      REDIS_URL: options.redisUrl,
      REDIS_PREFIX: `bench-${gatewayPort}`,
      ARTIFACTS_DIR: folder,
      JWT_SECRET: BENCH_SECRETS.jwtSecret,
      AUTH_ENCRYPTION_KEY: BENCH_SECRETS.encryptionKey,
      GATEWAY_PORT: String(gatewayPort),
      SCAN_CONCURRENCY: String(options.concurrency),
      SCAN_SITE_GAP_MS: '0',
    };
    for (const name of namesOf(options)) {
      const healthPort = name === 'gateway' ? gatewayPort : await freePort();
      const own = { ...settings, HEALTH_PORT: String(healthPort) };
      const started = startMeasured(name, scriptOf(name), own, options.profileFolder);
      processes.push(started);
      await untilReady(started, `http://127.0.0.1:${healthPort}/health/ready`);
    }
    return { processes, sql, close, ...submitter(`http://127.0.0.1:${gatewayPort}`, keys[0] ?? '') };
  } catch (error) {
    await close();
    throw error;
  }
}

function namesOf({ workers, withFollowUps }: PlatformOptions): string[] {
  const names = ['gateway', 'scheduler', ...Array.from({ length: workers }, () => 'worker')];
  return withFollowUps ? [...names, 'report', 'notifier'] : names;
}

function scriptOf(name: string): string {
  const path = name === 'worker' ? 'test/trivial-worker.ts' : 'dist/main.js';
  return join(ROOT_DIR, 'services', name, path);
}

function submitter(url: string, key: string): Pick<QueuePlatform, 'submit' | 'submitMany'> {
  const post = async (path: string, body: unknown): Promise<void> => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer = await response.text();
    if (response.status !== 202) throw new Error(`${path} was answered with ${response.status}: ${answer}`);
  };
  return {
    submit: (target) => post('/scans', { url: target }),
    // Each of a site of its own, for politeness to one is not what is measured.
    submitMany: (count) =>
      post('/scans/bulk', { urls: Array.from({ length: count }, (_, n) => `https://site-${n}.example/`) }),
  };
}

async function untilReady(started: MeasuredProcess, url: string): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS;
  while (performance.now() < deadline && started.isRunning()) {
    const isReady = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (isReady) return;
    await delay(BETWEEN_LOOKS_MS);
  }
  throw new Error(`${started.name} did not become ready within ${READY_WITHIN_MS / 1_000} s`);
}

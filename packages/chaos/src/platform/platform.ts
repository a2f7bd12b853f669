import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { History } from '../checker/history.ts';
import { makeClientKeys } from './accounts.ts';
import { apiClient, type ApiClient } from './api-client.ts';
import type { EngineUse } from './engine-use.ts';
import { manageProcess, type ManagedProcess } from './managed-process.ts';
import { startServers, type Servers } from './servers.ts';

/** A platform to break. */
export interface ChaosPlatform extends Omit<Servers, 'close'> {
  /** In order: gateway, workers, schedulers, report service, notifier. */
  readonly processes: readonly ManagedProcess[];
  /** Those that run this service. */
  named(name: ServiceName): readonly [ManagedProcess, ...ManagedProcess[]];
  readonly client: ApiClient;
  /** Works in another workspace. */
  readonly otherClient: ApiClient;
  readonly artifactsFolder: string;
  /** A site that every scan finds the same on; `label` makes it another one, for the trivial engine `query` another scan. */
  readonly siteUrl: (label: string, query?: string) => string;
  /**
   * Resolves when every process says on its health page that it is ready.
   *
   * @throws Error when one does not in time, with what it says
   */
  untilReady(): Promise<void>;
  /** What a health page says. Null while nobody answers there. */
  health(process: ManagedProcess, page: 'live' | 'ready'): Promise<HealthPage | null>;
  /** Ends everything; keeps the folder with the logs when told. */
  close(options: { keepsLogs: boolean }): Promise<void>;
  readonly folder: string;
}

/** The services of a platform. */
type ServiceName = 'gateway' | 'worker' | 'scheduler' | 'report' | 'notifier';

interface HealthPage {
  readonly status: number;
  readonly text: string;
}

/** How long a worker may be silent before its scans are another's. */
export const LEASE_MS = 3_000;
/** How many workers a scan may cost: many, for here they die all the time. */
const ATTEMPTS_MAX = 20;

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const SECRET = 'a secret of the chaos tests, longer than 32 characters';
const JWT_SECRET = 'another secret of the chaos tests, longer than 32 characters';
/** Generous: a busy machine must not look like a fault. */
const READY_TIMEOUT_MS = 240_000;
const POLL_MS = 50;

interface Options {
  readonly engine: EngineUse;
  /** Where the processes look for programs. */
  readonly searchPath: string;
  readonly history: History;
}

/** Starts everything. */
export async function openPlatform({ engine, searchPath, history }: Options): Promise<ChaosPlatform> {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-'));
  const servers = await startServers();
  const keys = await makeClientKeys(servers.database, SECRET);
  const artifactsFolder = join(folder, 'artifacts');
  const env = {
    PATH: searchPath,
    ...settingsOf(servers),
    ARTIFACTS_DIR: artifactsFolder,
    ...engine.settings,
  };
  const start = (name: ServiceName, number: number): ManagedProcess => {
    const path = name === 'worker' ? engine.workerPath : `services/${name}/dist/main.js`;
    return manageProcess(
      { name, path: join(ROOT, path), logPath: join(folder, `${name}-${number}.log`) },
      env,
    );
  };
  const processes = [
    start('gateway', 1),
    start('worker', 1),
    start('worker', 2),
    start('scheduler', 1),
    start('scheduler', 2),
    start('report', 1),
    start('notifier', 1),
  ];
  const port = (): number | null => processes[0]?.port() ?? null;
  const clientOf = (apiKey: string): ApiClient =>
    apiClient({ port, apiKey, scanParams: engine.scanParams, history });
  const platform: ChaosPlatform = {
    ...servers,
    ...{ processes, folder, artifactsFolder, health, siteUrl: engine.siteUrl },
    client: clientOf(keys.apiKey),
    otherClient: clientOf(keys.otherApiKey),
    named: (name) => {
      const [first, ...others] = processes.filter((each) => each.name === name);
      if (!first) throw new Error(`no process is called ${name}`);
      return [first, ...others];
    },
    untilReady: () => untilReady(processes),
    async close({ keepsLogs }) {
      await Promise.all(processes.map((each) => each.end()));
      await servers.close();
      if (!keepsLogs) rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    await platform.untilReady();
    return platform;
  } catch (error) {
    await platform.close({ keepsLogs: true });
    throw error;
  }
}

function settingsOf({ databaseUrl, redisUrl }: Servers): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    REDIS_PREFIX: 'chaos',
    HEALTH_PORT: '0',
    GATEWAY_PORT: '0',
    API_RATE_LIMIT_PER_MINUTE: '100000',
    JWT_SECRET,
    AUTH_ENCRYPTION_KEY: SECRET,
    SCAN_CONCURRENCY: '4',
    SCAN_LEASE_MS: String(LEASE_MS),
    SCAN_MAX_ATTEMPTS: String(ATTEMPTS_MAX),
    SCAN_SITE_CONCURRENCY_MAX: '1000',
    SCAN_SITE_GAP_MS: '0',
    QUEUE_LOST_AFTER_MS: '3000',
  };
}

async function untilReady(processes: readonly ManagedProcess[]): Promise<void> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  for (const each of processes) {
    let page = await health(each, 'ready');
    while (page?.status !== 200) {
      if (performance.now() > deadline) {
        throw new Error(`a ${each.name} does not get ready: ${page?.text ?? 'it does not answer'}`);
      }
      await delay(POLL_MS);
      page = await health(each, 'ready');
    }
  }
}

async function health(process: ManagedProcess, page: 'live' | 'ready'): Promise<HealthPage | null> {
  const port = process.port();
  if (port === null) return null;
  try {
    const response = await fetch(`http://127.0.0.1:${port}/health/${page}`);
    return { status: response.status, text: await response.text() };
  } catch {
    // Not started yet, or gone in the meantime.
    return null;
  }
}

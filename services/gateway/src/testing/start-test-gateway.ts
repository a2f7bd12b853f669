import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiClient, type ApiClient } from '@cookie-scanner/api-client';
import { openArtifactStore, type ArtifactStore } from '@cookie-scanner/artifacts';
import { newApiKeyText } from '@cookie-scanner/auth';
import { liveAdmissionSchema, QUEUES } from '@cookie-scanner/contracts';
import {
  findingRepository,
  openDatabase,
  reportRepository,
  scanRepository,
  type Database,
  type FindingRepository,
  type ReportRepository,
  type ScanRepository,
} from '@cookie-scanner/database';
import { createMetrics, silentLogger, type Logger } from '@cookie-scanner/observability';
import { openQueueForBoard } from '@cookie-scanner/queues';
import { openRedis, presence, progressChannel, tickets, type ProgressChannel } from '@cookie-scanner/redis';
import { openAccounts } from '../accounts.ts';
import { createApp, type GatewayApp } from '../app.ts';
import type { GatewayDeps } from '../gateway-deps.ts';
import { LIVE_TIMING, livePlaceSchema, type LiveDeps } from '../live/live-server.ts';
import { watchChanges } from './audited-changes.ts';
import { gatewayReadiness } from '../readiness.ts';
import { SERVER_TIMING, startServer } from '../server.ts';
import { keyOfFirstAdmin } from './key-of-first-admin.ts';

/** As for `fetch`, with plain headers. */
type KeyedInit = Omit<RequestInit, 'headers'> & { readonly headers?: Readonly<Record<string, string>> };

interface TestGatewayOptions {
  /** True where a test has PostgreSQL away from the start, so that there can be no accounts. */
  readonly isDatabaseAway?: boolean;
  readonly databaseUrl: string;
  /** False where requests are made up, so that some of them change nothing; true unless told. */
  readonly isAudited?: boolean;
  readonly redis: { readonly url: string; readonly prefix: string };
  readonly publicUrl?: string | null;
  readonly corsOrigins?: readonly string[];
  readonly isBoardWritable?: boolean;
  readonly allowPrivateNetworks?: boolean;
  readonly timing?: Partial<typeof SERVER_TIMING>;
  readonly events?: Partial<{ pollMs: number; heartbeatMs: number; streamsMax: number }>;
  readonly logger?: Logger;
  readonly rateLimitPerMinute?: number;
  /** Of another gateway on the same database; without it, the first Admin is made. */
  readonly apiKey?: string;
  readonly trustedProxyHops?: number;
  readonly sendsMails?: boolean;
  readonly live?: {
    readonly timing?: Partial<LiveDeps['timing']>;
    readonly limits?: Partial<ReturnType<LiveDeps['limits']>>;
    readonly lifetimeSeconds?: number;
  };
}

/** A gateway that really listens, with real PostgreSQL and Redis behind it, and what a test needs to play the others. */
export interface TestGateway {
  readonly port: number;
  readonly url: string;
  readonly app: GatewayApp['app'];
  readonly routes: GatewayApp['routes'];
  readonly scans: ScanRepository;
  readonly findings: FindingRepository;
  readonly reports: ReportRepository;
  readonly progress: ProgressChannel;
  readonly artifacts: ArtifactStore;
  readonly auth: GatewayDeps['auth'];
  readonly authenticator: GatewayDeps['authenticator'];
  readonly database: Database;
  /** API key of the first Admin in the default workspace, with every scope. */
  readonly apiKey: string;
  /** The client that everybody gets, with this key. */
  readonly api: ApiClient;
  /** The same client for somebody else; without a token, for a stranger. */
  apiAs(token?: string): ApiClient;
  /** `fetch` below `url`, with this key unless the headers say otherwise. */
  fetch(path: string, init?: KeyedInit): Promise<Response>;
  close(): Promise<void>;
}

const RETENTION = { scanDays: 0, fileDays: 760, auditDays: 0, valueDays: 30 };
const LIFETIMES = { jwtLifetimeSeconds: 600, refreshLifetimeSeconds: 3_600, refreshIdleSeconds: 1_800 };

/** Of a gateway in tests. */
export const TEST_SECRETS = {
  jwtSecret: 'a secret for tests of more than 32 characters',
  jwtSecretPrevious: null,
  jwtIssuer: 'cookie-scanner',
  jwtAudience: 'cookie-scanner-api',
  encryptionKey: 'another secret for tests of more than 32 characters',
};

/** Starts a gateway on a free port, wired as in `main.ts`. */
export async function startTestGateway(options: TestGatewayOptions): Promise<TestGateway> {
  const logger = options.logger ?? silentLogger;
  const dir = mkdtempSync(join(tmpdir(), 'gateway-test-'));
  const artifacts = openArtifactStore({ dir });
  const database = openDatabase({
    url: options.databaseUrl,
    connectTimeoutMs: options.isDatabaseAway === true ? 1_000 : 20_000,
    poolMax: 5,
    logger,
  });
  const redis = openRedis({
    ...options.redis,
    lifetimesSeconds: { presence: options.live?.lifetimeSeconds ?? 30 },
    logger,
  });
  const location = { connection: redis.connection('failFast'), prefix: options.redis.prefix };
  const queues = QUEUES.map((contract) => openQueueForBoard(contract, location));
  const accounts = openAccounts({
    database,
    redis,
    secrets: TEST_SECRETS,
    lifetimes: () => LIFETIMES,
    rateLimitPerMinute: options.rateLimitPerMinute ?? 10_000,
  });
  const progress = progressChannel(redis);

  const liveLimits = { connectionsMax: 100, perWorkspaceMax: 50, perPersonMax: 10, ...options.live?.limits };
  const { app, live, routes, endStreams } = createApp({
    ...accounts,
    artifacts,
    progress,
    presence: {
      rooms: presence(redis, livePlaceSchema),
      tickets: tickets(redis, liveAdmissionSchema),
      limits: () => liveLimits,
      timing: { ...LIVE_TIMING, ...options.live?.timing },
    },
    queues,
    pingRedis: () => redis.ping(300),
    live: () => ({ ok: true, checks: {} }),
    ready: () => gatewayReadiness({ database, artifacts, redis }),
    ...{ metrics: createMetrics('gateway'), logger },
    publicUrl: options.publicUrl ?? null,
    sendsMails: options.sendsMails ?? false,
    corsOrigins: options.corsOrigins ?? [],
    isBoardWritable: options.isBoardWritable ?? false,
    trustedProxyHops: options.trustedProxyHops ?? 0,
    allowPrivateNetworks: options.allowPrivateNetworks ?? false,
    ...{ allowHttpWebhooks: false, retention: RETENTION },
    events: { pollMs: 50, heartbeatMs: 15_000, streamsMax: 100, ...options.events },
  });
  const changes = watchChanges(app, options);
  const server = await startServer(changes.handler, {
    ...{ host: '127.0.0.1', port: 0 },
    upgrades: live,
    timing: { ...SERVER_TIMING, ...options.timing },
  });

  const origin = `http://127.0.0.1:${server.port}`;
  const url = `${origin}/api/v1`;
  const apiKey =
    options.apiKey ?? (options.isDatabaseAway === true ? newApiKeyText() : await keyOfFirstAdmin(accounts));
  return {
    port: server.port,
    url,
    app,
    routes,
    apiKey,
    api: apiClient({ url: origin, token: apiKey }),
    apiAs: (token) => apiClient({ url: origin, ...(token === undefined ? {} : { token }) }),
    auth: accounts.auth,
    authenticator: accounts.authenticator,
    database,
    fetch: (path, init = {}) =>
      fetch(url + path, { ...init, headers: { Authorization: `Bearer ${apiKey}`, ...init.headers } }),
    scans: scanRepository(database),
    findings: findingRepository(database),
    reports: reportRepository(database),
    ...{ progress, artifacts },
    async close() {
      const closed = server.close(0);
      endStreams();
      await Promise.all([closed, live.close()]);
      await Promise.all(queues.map((queue) => queue.close()));
      await redis.close();
      await database.close();
      rmSync(dir, { recursive: true });
      await changes.check();
    },
  };
}

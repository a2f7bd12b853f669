import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openArtifactStore, type ArtifactStore } from '@cookie-scanner/artifacts';
import { QUEUES } from '@cookie-scanner/contracts';
import {
  findingRepository,
  openDatabase,
  reportRepository,
  scanRepository,
  type FindingRepository,
  type ReportRepository,
  type ScanRepository,
} from '@cookie-scanner/database';
import { createMetrics, silentLogger, type Logger } from '@cookie-scanner/observability';
import { openQueueForBoard } from '@cookie-scanner/queues';
import { openRedis, progressChannel, type ProgressChannel } from '@cookie-scanner/redis';
import { createApp, type GatewayApp } from '../app.ts';
import { gatewayReadiness } from '../readiness.ts';
import { SERVER_TIMING, startServer } from '../server.ts';

interface TestGatewayOptions {
  readonly databaseUrl: string;
  readonly redis: { readonly url: string; readonly prefix: string };
  readonly publicUrl?: string | null;
  readonly allowPrivateNetworks?: boolean;
  readonly timing?: Partial<typeof SERVER_TIMING>;
  readonly events?: Partial<{ pollMs: number; heartbeatMs: number; streamsMax: number }>;
  readonly logger?: Logger;
}

/** A gateway that really listens, with real PostgreSQL and Redis behind it, and what a test needs to play the others. */
export interface TestGateway {
  readonly port: number;
  readonly url: string;
  readonly app: GatewayApp['app'];
  readonly scans: ScanRepository;
  readonly findings: FindingRepository;
  readonly reports: ReportRepository;
  readonly progress: ProgressChannel;
  readonly artifacts: ArtifactStore;
  close(): Promise<void>;
}

/** Starts a gateway on a free port, wired as in `main.ts`. */
export async function startTestGateway(options: TestGatewayOptions): Promise<TestGateway> {
  const logger = options.logger ?? silentLogger;
  const dir = mkdtempSync(join(tmpdir(), 'gateway-test-'));
  const artifacts = openArtifactStore({ dir });
  const database = openDatabase({ url: options.databaseUrl, connectTimeoutMs: 1_000, poolMax: 5, logger });
  const redis = openRedis({ ...options.redis, logger });
  const location = { connection: redis.connection('failFast'), prefix: options.redis.prefix };
  const queues = QUEUES.map((contract) => openQueueForBoard(contract, location));
  const scans = scanRepository(database);
  const findings = findingRepository(database);
  const reports = reportRepository(database);
  const progress = progressChannel(redis);

  const { app, endStreams } = createApp({
    scans,
    findings,
    reports,
    artifacts,
    progress,
    queues,
    pingRedis: () => redis.ping(300),
    live: () => ({ ok: true, checks: {} }),
    ready: () => gatewayReadiness({ database, artifacts, redis }),
    metrics: createMetrics('gateway'),
    logger,
    publicUrl: options.publicUrl ?? null,
    allowPrivateNetworks: options.allowPrivateNetworks ?? false,
    events: { pollMs: 50, heartbeatMs: 15_000, streamsMax: 100, ...options.events },
  });
  const server = await startServer(app, {
    host: '127.0.0.1',
    port: 0,
    timing: { ...SERVER_TIMING, ...options.timing },
  });

  return {
    port: server.port,
    url: `http://127.0.0.1:${server.port}/api/v1`,
    app,
    scans,
    findings,
    reports,
    progress,
    artifacts,
    async close() {
      const closed = server.close(0);
      endStreams();
      await closed;
      await Promise.all(queues.map((queue) => queue.close()));
      await redis.close();
      await database.close();
      rmSync(dir, { recursive: true });
    },
  };
}

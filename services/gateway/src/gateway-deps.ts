import type { ArtifactStore } from '@cookie-scanner/artifacts';
import type { FindingRepository, ReportRepository, ScanRepository } from '@cookie-scanner/database';
import type { HealthReport, Logger, Metrics } from '@cookie-scanner/observability';
import type { BoardQueue } from '@cookie-scanner/queues';
import type { ProgressChannel } from '@cookie-scanner/redis';

/** Everything the gateway works with, built in `main.ts`. */
export interface GatewayDeps {
  readonly scans: Pick<
    ScanRepository,
    'create' | 'find' | 'listCookies' | 'observationArtifact' | 'analysisOf' | 'classificationsOf'
  >;
  readonly findings: Pick<FindingRepository, 'listOfScan'>;
  readonly reports: Pick<ReportRepository, 'findByScan'>;
  readonly artifacts: Pick<ArtifactStore, 'get' | 'openRead'>;
  readonly progress: Pick<ProgressChannel, 'subscribe'>;
  /** Shown on Bull Board. */
  readonly queues: readonly BoardQueue[];
  /** Resolves when Redis answers; Bull Board asks it first, because BullMQ waits without limit. */
  readonly pingRedis: () => Promise<void>;
  readonly live: () => HealthReport;
  readonly ready: () => Promise<HealthReport>;
  readonly metrics: Metrics;
  /** False when `/metrics` is not served; true unless told. */
  readonly hasMetrics?: boolean;
  readonly logger: Logger;
  /** Origin under which people reach the gateway beside loopback; null for none. */
  readonly publicUrl: string | null;
  /** Accept private addresses as targets of scans. */
  readonly allowPrivateNetworks: boolean;
  readonly events: {
    /** Milliseconds between two looks at the row of a watched scan. */
    readonly pollMs: number;
    readonly heartbeatMs: number;
    /** Streams open at once. */
    readonly streamsMax: number;
  };
}

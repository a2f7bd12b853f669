import type { ArtifactStore } from '@cookie-scanner/artifacts';
import type { AuthDeps, Authenticator } from '@cookie-scanner/auth';
import type {
  AnalyticsRepository,
  ApiKeyRepository,
  CookieSightingRepository,
  AuditRepository,
  DomainConfigRepository,
  BaselineRepository,
  CategoryOverrideRepository,
  FindingRepository,
  InboxRepository,
  MemberRepository,
  NotificationChoicesRepository,
  ReportRepository,
  ScanBatchRepository,
  ScanProfileRepository,
  ScanRepository,
  ScheduleRepository,
  WebhookRepository,
  WorkerRepository,
  RetentionPeriods,
  WorkspaceRepository,
  WorkspaceRetentionRepository,
} from '@cookie-scanner/database';
import type { HealthReport, Logger, Metrics } from '@cookie-scanner/observability';
import type { BoardQueue } from '@cookie-scanner/queues';
import type { ProgressChannel } from '@cookie-scanner/redis';
import type { RequestLimits } from './http/request-limits.ts';
import type { LiveDeps } from './live/live-server.ts';

/** What is kept in one workspace; nothing here finds or changes anything of another. */
export interface WorkspaceData {
  readonly scans: ScanRepository;
  readonly findings: FindingRepository;
  readonly reports: ReportRepository;
  readonly batches: ScanBatchRepository;
  readonly sightings: CookieSightingRepository;
  readonly analytics: AnalyticsRepository;
  readonly profiles: ScanProfileRepository;
  readonly domains: DomainConfigRepository;
  readonly baselines: BaselineRepository;
  readonly schedules: Pick<
    ScheduleRepository,
    'create' | 'find' | 'list' | 'change' | 'remove' | 'runNow' | 'listRuns'
  >;
  readonly overrides: CategoryOverrideRepository;
  readonly webhooks: WebhookRepository;
  readonly inbox: InboxRepository;
  readonly retention: WorkspaceRetentionRepository;
}

/** Everything the gateway works with, built in `main.ts`. */
export interface GatewayDeps {
  /** What is kept in the workspace that a caller was let into. */
  readonly inWorkspace: (workspaceId: string) => WorkspaceData;
  readonly auth: AuthDeps;
  readonly authenticator: Authenticator;
  readonly limits: RequestLimits;
  readonly apiKeys: ApiKeyRepository;
  readonly audit: AuditRepository;
  readonly workspaces: WorkspaceRepository;
  readonly members: MemberRepository;
  readonly notificationChoices: NotificationChoicesRepository;
  readonly artifacts: Pick<ArtifactStore, 'get' | 'openRead' | 'delete'>;
  readonly progress: Pick<ProgressChannel, 'subscribe'>;
  /** Who is where in which workspace, and how often that is told. */
  readonly presence: LiveDeps;
  readonly workers: Pick<WorkerRepository, 'list' | 'pools'>;
  /** Shown on Bull Board. */
  readonly queues: readonly BoardQueue[];
  /** Whether Admins may change queues on Bull Board at all. */
  readonly isBoardWritable: boolean;
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
  /** Whether links can be mailed: there is a mail server, and an address that they can begin with. */
  readonly sendsMails: boolean;
  /** Origins of other sites whose pages may use the API. */
  readonly corsOrigins: readonly string[];
  /** How many proxies of ours stand before the gateway; 0 believes no `X-Forwarded-For`. */
  readonly trustedProxyHops: number;
  /** How long is kept what no workspace chose about. */
  readonly retention: Pick<RetentionPeriods, 'scanDays' | 'fileDays' | 'auditDays' | 'valueDays'>;
  /** Accept private addresses as targets of scans. */
  readonly allowPrivateNetworks: boolean;
  /** Accept receivers of webhooks without TLS. */
  readonly allowHttpWebhooks: boolean;
  readonly events: {
    /** Milliseconds between two looks at the row of a watched scan. */
    readonly pollMs: number;
    readonly heartbeatMs: number;
    /** Streams open at once. */
    readonly streamsMax: number;
  };
}

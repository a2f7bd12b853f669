import type { ArtifactStore } from '@cookie-scanner/artifacts';
import { analyseScanQueue, buildReportQueue } from '@cookie-scanner/contracts';
import type {
  CategoryOverrideRepository,
  FindingRepository,
  ReportRepository,
  ScanRepository,
} from '@cookie-scanner/database';
import type { FilterLists } from '@cookie-scanner/filter-lists';
import type { CrashPoint, Logger, Metrics } from '@cookie-scanner/observability';
import { createConsumer, waitOutOutages, type Consumer, type ConsumerTiming } from '@cookie-scanner/queues';
import type { RedisOwner } from '@cookie-scanner/redis';
import { createAnalyseScan } from './analyse-scan.ts';
import { classificationBasis } from './classification-basis.ts';
import { analyseScanProcessor } from './processors/analyse-scan.processor.ts';
import { buildReportProcessor } from './processors/build-report.processor.ts';
import { createRenderers } from './renderers.ts';

/** What the service's consumers work with. */
export interface ReportConsumersDeps {
  readonly scans: ScanRepository;
  readonly findings: FindingRepository;
  readonly reports: ReportRepository;
  readonly overrides: CategoryOverrideRepository;
  readonly filterLists: FilterLists;
  readonly artifacts: ArtifactStore;
  readonly redis: RedisOwner;
  /** Jobs of one queue that are worked on at the same time. */
  readonly concurrency: number;
  /** Where this process dies on purpose; nowhere without it. */
  readonly crash?: CrashPoint;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** For tests; every field has a default. */
  readonly timing?: Partial<ConsumerTiming>;
}

/** Starts everything that this service consumes. */
export function startConsumers(deps: ReportConsumersDeps): Consumer[] {
  const {
    scans,
    findings,
    reports,
    overrides,
    filterLists,
    artifacts,
    redis,
    concurrency,
    crash = () => undefined,
    metrics,
    logger,
    timing = {},
  } = deps;
  const settled = metrics.counter({
    name: 'reports_settled_total',
    help: 'Reports that became ready or failed',
    labels: ['format', 'state'],
  });
  const options = {
    connection: redis.connection('blocking'),
    prefix: redis.prefix,
    concurrency,
    logger,
    timing,
  };
  const analyse = createAnalyseScan(classificationBasis({ overrides, filterLists }));
  const analyseScan = analyseScanProcessor({
    ...{ scans, findings, reports, artifacts },
    analyse: (...args) => analyse(...args).finally(() => crash('analyse')),
  });
  const buildReport = buildReportProcessor({
    scans,
    findings,
    reports,
    artifacts,
    renderers: createRenderers(),
    analyse,
    onSettled: ({ format }, state) => settled.inc({ format, state }),
  });

  return [
    createConsumer(analyseScanQueue, waitOutOutages(analyseScan), options),
    createConsumer(buildReportQueue, waitOutOutages(buildReport), {
      ...options,
      // Whoever waits for the report must learn that it will not come.
      onGaveUp: ({ reportId }) => reports.markFailed(reportId, 'the report could not be built'),
    }),
  ];
}

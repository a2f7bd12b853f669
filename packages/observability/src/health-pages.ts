import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';

/** Whether one service works, and what it looked at to know. */
export interface HealthReport {
  readonly ok: boolean;
  /** By name of what was checked; `detail` says in plain words what is wrong, without secrets. */
  readonly checks: Readonly<Record<string, { readonly ok: boolean; readonly detail?: string }>>;
}

/** Answer of one health page, for whichever HTTP server sends it. */
interface HealthPage {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** What the health pages show. */
export interface HealthSources {
  readonly metrics: Metrics;
  /** False when `/metrics` is to answer like a path that does not exist; true unless told. */
  readonly hasMetrics?: boolean;
  /** Whether the process should be left running: its event loop turns and its work moves. */
  readonly live: () => HealthReport;
  /** Whether it can do its work now: its dependencies answer. */
  readonly ready: () => Promise<HealthReport>;
  readonly logger: Logger;
}

/** Time that the dependencies have to answer; then the service counts as not ready. */
const READY_TIMEOUT_MS = 3_000;

/**
 * The pages `/health/live`, `/health/ready` (200 when ok, else 503) and `/metrics`.
 *
 * @returns the answer for a path, or null when the path is none of these; never rejects
 */
export function healthPages(sources: HealthSources): (path: string) => Promise<HealthPage> | null {
  const pages: Record<string, () => HealthPage | Promise<HealthPage>> = {
    '/health/live': () => reportPage(sources.live()),
    '/health/ready': async () => reportPage(await withTimeout(sources.ready())),
    '/metrics': async () => ({
      status: 200,
      contentType: sources.metrics.registry.contentType,
      body: await sources.metrics.registry.metrics(),
    }),
  };

  return (path) => {
    if (path === '/metrics' && sources.hasMetrics === false) return null;
    const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
    if (!page) return null;
    return Promise.resolve()
      .then(page)
      .catch((error: unknown) => {
        sources.logger.error('a health page failed', { path, error });
        return reportPage({
          ok: false,
          checks: { health: { ok: false, detail: 'the check itself failed' } },
        });
      });
  };
}

function reportPage(report: HealthReport): HealthPage {
  return {
    status: report.ok ? 200 : 503,
    contentType: 'application/json; charset=utf-8',
    body: JSON.stringify(report),
  };
}

async function withTimeout(report: Promise<HealthReport>): Promise<HealthReport> {
  const { promise: late, resolve } = Promise.withResolvers<HealthReport>();
  const detail = `no answer within ${READY_TIMEOUT_MS} ms`;
  const timer = setTimeout(() => {
    resolve({ ok: false, checks: { dependencies: { ok: false, detail } } });
  }, READY_TIMEOUT_MS);
  return Promise.race([report, late]).finally(() => {
    clearTimeout(timer);
  });
}

import { setTimeout as delay } from 'node:timers/promises';
import { openQueuePlatform, type PlatformOptions, type QueuePlatform } from './queue-platform.ts';
import { openServersUsage } from './servers-usage.ts';
import { measureUsage, type UsagePerJob } from './usage-per-job.ts';

/** Milliseconds from the submission of scans to their claim. */
interface Waits {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** What so many scans took on their whole way. */
export interface QueueRun {
  readonly perSecond: number;
  /** Submitted at once. */
  readonly loaded: Waits;
  /** Submitted one by one, each when the one before was over. */
  readonly idle: Waits;
  readonly processes: UsagePerJob;
  readonly serversCpuMs: Readonly<Record<string, number>>;
}

interface Sizes {
  /** Submitted at once. */
  readonly scans: number;
  /** Submitted one by one. */
  readonly singles: number;
}

const WARM_UP_SCANS = 100;
const BETWEEN_LOOKS_MS = 200;
const BETWEEN_LOOKS_AT_ONE_MS = 10;

/** What counts as the end of a scan: its result is there, or whoever wants to know was told. */
const ENDS = {
  result: `SELECT count(*)::int AS count FROM scan_results WHERE finished_at IS NOT NULL`,
  told: `SELECT count(DISTINCT scan_id)::int AS count FROM notifications WHERE state = 'sent'`,
};

/**
 * Sends scans through a platform of their own and measures from submission to the result, or with `withFollowUps` until
 * people were told.
 *
 * @throws Error when a scan did not end as it should, or took more than one attempt: then the numbers would say nothing
 */
export async function measureQueue(options: PlatformOptions, { scans, singles }: Sizes): Promise<QueueRun> {
  const platform = await openQueuePlatform(options);
  const servers = await openServersUsage(platform.sql, options.redisUrl);
  try {
    const end = options.withFollowUps ? 'told' : 'result';
    await platform.submitMany(WARM_UP_SCANS);
    await untilEnded(platform, end, WARM_UP_SCANS, BETWEEN_LOOKS_MS);

    const measured = await measureUsage(platform.processes, () => servers.read());
    await platform.submitMany(scans);
    await untilEnded(platform, end, WARM_UP_SCANS + scans, BETWEEN_LOOKS_MS);
    const usage = await measured(scans);
    const bulk = await timesOfNewest(platform, scans);

    for (let nth = 1; nth <= singles; nth += 1) {
      await platform.submit(`https://single-${nth}.example/`);
      await untilEnded(platform, 'result', WARM_UP_SCANS + scans + nth, BETWEEN_LOOKS_AT_ONE_MS);
    }
    const one = await timesOfNewest(platform, singles);
    await requireGoodEnds(platform);
    return { perSecond: scans / bulk.seconds, loaded: bulk, idle: one, ...usage };
  } finally {
    await servers.close();
    await platform.close();
  }
}

async function untilEnded(
  { sql, processes }: QueuePlatform,
  end: keyof typeof ENDS,
  count: number,
  betweenLooksMs: number,
): Promise<void> {
  for (;;) {
    const { rows } = await sql.query<{ count: number }>(ENDS[end]);
    if ((rows[0]?.count ?? 0) >= count) return;
    const ended = processes.find((each) => !each.isRunning());
    if (ended) throw new Error(`${ended.name} ended while scans were under way`);
    await delay(betweenLooksMs);
  }
}

async function timesOfNewest({ sql }: QueuePlatform, scans: number): Promise<Waits & { seconds: number }> {
  const { rows } = await sql.query<{ seconds: number; p50: number; p99: number }>(
    `SELECT extract(epoch FROM max(finished_at) - min(queued_at))::float8 AS seconds,
            extract(epoch FROM percentile_disc(0.5) WITHIN GROUP (ORDER BY started_at - queued_at))::float8 AS p50,
            extract(epoch FROM percentile_disc(0.99) WITHIN GROUP (ORDER BY started_at - queued_at))::float8 AS p99
       FROM (SELECT * FROM scan_results ORDER BY queued_at DESC LIMIT $1) AS newest`,
    [scans],
  );
  const { seconds = 0, p50 = 0, p99 = 0 } = rows[0] ?? {};
  return { seconds, p50Ms: p50 * 1_000, p99Ms: p99 * 1_000 };
}

async function requireGoodEnds({ sql }: QueuePlatform): Promise<void> {
  const { rows } = await sql.query<{ status: string; attempt: number; count: number }>(
    `SELECT status::text, attempt, count(*)::int AS count FROM scan_results
      WHERE status <> 'success' OR attempt <> 1 GROUP BY status, attempt`,
  );
  if (rows.length > 0) throw new Error(`scans did not end as they should: ${JSON.stringify(rows)}`);
}

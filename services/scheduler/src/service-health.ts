import type { Database } from '@cookie-scanner/database';
import type { HealthReport } from '@cookie-scanner/observability';
import type { RedisOwner } from '@cookie-scanner/redis';

/** Longest that one turn of a loop may take, every timeout of PostgreSQL and Redis included. */
const TURN_MS_MAX = 180_000;

/** Something that goes round. */
interface Loop {
  /** When its last turn began, in Unix milliseconds. */
  lastTurnAt(): number;
}

/** Alive as long as every loop goes round, even while it can get nothing done. */
export function liveness(loops: Readonly<Record<string, Loop>>, nowMs: number): HealthReport {
  const checks = Object.fromEntries(
    Object.entries(loops).map(([name, loop]) => {
      const ok = nowMs - loop.lastTurnAt() < TURN_MS_MAX;
      const detail = `stands still for more than ${TURN_MS_MAX / 1_000} s; restart this process`;
      return [name, ok ? { ok } : { ok, detail }];
    }),
  );
  return { ok: Object.values(checks).every(({ ok }) => ok), checks };
}

/** Ready when there is an outbox to read and a queue to fill. */
export async function readiness(deps: {
  readonly database: Pick<Database, 'ping'>;
  readonly redis: Pick<RedisOwner, 'health'>;
}): Promise<HealthReport> {
  const [database, redis] = await Promise.all([checked(deps.database.ping()), deps.redis.health()]);
  return { ok: database.ok && redis.ok, checks: { database, redis } };
}

function checked(answer: Promise<void>): Promise<{ ok: boolean; detail?: string }> {
  return answer.then(
    () => ({ ok: true }),
    (error: unknown) => ({ ok: false, detail: error instanceof Error ? error.message : String(error) }),
  );
}

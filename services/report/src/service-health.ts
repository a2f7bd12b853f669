import type { ArtifactStore } from '@cookie-scanner/artifacts';
import type { Database } from '@cookie-scanner/database';
import type { HealthReport } from '@cookie-scanner/observability';
import type { Consumer } from '@cookie-scanner/queues';
import type { RedisOwner } from '@cookie-scanner/redis';

/** Consumers poll every few seconds; one that was silent this long hangs. */
const SILENCE_MAX_MS = 60_000;

/** Alive as long as every consumer has polled or worked lately. */
export function liveness(consumers: readonly Consumer[], nowMs: number): HealthReport {
  const isAlive = consumers.every((consumer) => nowMs - consumer.lastActivityAt() < SILENCE_MAX_MS);
  const detail = `a queue was not polled for ${SILENCE_MAX_MS / 1_000} s; restart this process`;
  return { ok: isAlive, checks: { consumers: isAlive ? { ok: true } : { ok: false, detail } } };
}

/** Ready when everything that a report needs answers. */
export async function readiness(deps: {
  readonly database: Pick<Database, 'ping'>;
  readonly redis: Pick<RedisOwner, 'health'>;
  readonly artifacts: Pick<ArtifactStore, 'ping'>;
}): Promise<HealthReport> {
  const [database, redis, artifacts] = await Promise.all([
    checked(deps.database.ping()),
    deps.redis.health(),
    checked(deps.artifacts.ping()),
  ]);
  const checks = { database, redis, artifacts };
  return { ok: Object.values(checks).every((check) => check.ok), checks };
}

function checked(answer: Promise<void>): Promise<{ ok: boolean; detail?: string }> {
  return answer.then(
    () => ({ ok: true }),
    (error: unknown) => ({ ok: false, detail: error instanceof Error ? error.message : String(error) }),
  );
}

import type { ArtifactStore } from '@cookie-scanner/artifacts';
import type { Database } from '@cookie-scanner/database';
import { isAppError } from '@cookie-scanner/errors';
import type { HealthReport } from '@cookie-scanner/observability';
import type { RedisOwner } from '@cookie-scanner/redis';

interface Dependencies {
  readonly database: Pick<Database, 'ping'>;
  readonly artifacts: Pick<ArtifactStore, 'ping'>;
  readonly redis: Pick<RedisOwner, 'health'>;
}

/**
 * Whether the gateway can serve requests. Without Redis it can: scans are accepted and shown, and wait in the outbox.
 * So Redis is reported here but does not decide.
 */
export async function gatewayReadiness({ database, artifacts, redis }: Dependencies): Promise<HealthReport> {
  const [databaseCheck, artifactsCheck, redisCheck] = await Promise.all([
    check(() => database.ping()),
    check(() => artifacts.ping()),
    redis.health(),
  ]);
  return {
    ok: databaseCheck.ok && artifactsCheck.ok,
    checks: { database: databaseCheck, artifacts: artifactsCheck, redis: redisCheck },
  };
}

async function check(ping: () => Promise<void>): Promise<{ ok: boolean; detail?: string }> {
  try {
    await ping();
    return { ok: true };
  } catch (error) {
    return { ok: false, detail: isAppError(error) ? error.message : 'the check failed; see the log' };
  }
}

import type { ArtifactStore } from '@cookie-scanner/artifacts';
import type { Database } from '@cookie-scanner/database';
import type { HealthReport } from '@cookie-scanner/observability';
import type { Consumer } from '@cookie-scanner/queues';
import type { RedisOwner } from '@cookie-scanner/redis';
import type { EngineHolder } from './engine-holder.ts';
import { checkTemporaryRoom, openFilesProblem } from './worker-problem.ts';

/** Consumers poll every few seconds; one that was silent for this long is dead. */
const SILENCE_MAX_MS = 60_000;

type Check = HealthReport['checks'][string];

interface HealthDeps {
  readonly database: Pick<Database, 'ping'>;
  readonly redis: Pick<RedisOwner, 'health'>;
  readonly artifacts: Pick<ArtifactStore, 'ping'>;
  readonly engine: Pick<EngineHolder, 'problem'>;
  /** Filled once the worker takes jobs; until then it is alive without. */
  readonly consumers: readonly Pick<Consumer, 'lastActivityAt'>[];
}

/** What the health pages of a worker say. */
export interface WorkerHealth {
  live(): HealthReport;
  ready(): Promise<HealthReport>;
  /** From now on the worker is not ready, because it is being stopped. */
  beginStop(): void;
}

/** Alive: the consumer shows life. Ready: database, Redis, disk and browser are there, and room for scans. */
export function workerHealth({ database, redis, artifacts, engine, consumers }: HealthDeps): WorkerHealth {
  let isStopping = false;

  return {
    live() {
      const silentMs = Math.max(0, ...consumers.map((consumer) => Date.now() - consumer.lastActivityAt()));
      if (silentMs < SILENCE_MAX_MS) return reportOf({ consumer: { ok: true } });
      const detail = `no poll and no progress for ${Math.round(silentMs / 1_000)} s`;
      return reportOf({ consumer: { ok: false, detail } });
    },
    async ready() {
      const [databaseCheck, redisCheck, artifactsCheck, temporaryFiles] = await Promise.all([
        checkOf(database.ping()),
        redis.health(),
        checkOf(artifacts.ping()),
        checkOf(checkTemporaryRoom()),
      ]);
      return reportOf({
        database: databaseCheck,
        redis: redisCheck,
        artifacts: artifactsCheck,
        browser: checkThat(engine.problem()),
        openFiles: checkThat(openFilesProblem()),
        temporaryFiles,
        ...(isStopping ? { stopping: { ok: false, detail: 'the worker is being stopped' } } : {}),
      });
    },
    beginStop() {
      isStopping = true;
    },
  };
}

async function checkOf(ping: Promise<void>): Promise<Check> {
  try {
    await ping;
    return { ok: true };
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

/** A check that passes where nobody has a problem to tell. */
function checkThat(problem: string | null): Check {
  return problem === null ? { ok: true } : { ok: false, detail: problem };
}

function reportOf(checks: Record<string, Check>): HealthReport {
  return { ok: Object.values(checks).every(({ ok }) => ok), checks };
}

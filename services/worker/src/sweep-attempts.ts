import type { ArtifactStore } from '@cookie-scanner/artifacts';
import type { ScanRepository } from '@cookie-scanner/database';
import type { Logger } from '@cookie-scanner/observability';

export type ScanAttempts = Awaited<ReturnType<ScanRepository['attemptsOf']>>[number];

/** What sweeping takes. */
export interface SweepDeps {
  readonly scans: Pick<ScanRepository, 'attemptsOf'>;
  readonly artifacts: Pick<ArtifactStore, 'list' | 'delete'>;
  readonly logger: Logger;
}

/** Removes the files of dead attempts again and again. */
export interface Sweeper {
  /** Resolves once the sweep under way, which ends early, is over. */
  stop(): Promise<void>;
}

const INTERVAL_MS = 6 * 3_600_000;
/** Scans asked about in one query. */
const BATCH_SIZE = 200;
const SCAN_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Removes the folders of attempts that no result can come from any more: those before the newest one, and the newest one
 * of a scan that waits or is over, unless its result lies there. What a killed worker left is found so when no later
 * attempt stored anything either.
 *
 * Safe beside attempts that run, and several may sweep at once: attempts only ever grow, so what is dead stays dead.
 * Folders of scans that the database does not know are left alone, for they may be those of another platform.
 *
 * @returns how many folders were removed
 */
export async function sweepAttempts(
  { scans, artifacts, logger }: SweepDeps,
  signal: AbortSignal,
): Promise<number> {
  let count = 0;
  const sweep = async (ids: readonly string[]): Promise<void> => {
    for (const scan of ids.length === 0 ? [] : await scans.attemptsOf(ids)) {
      for await (const name of artifacts.list(`scans/${scan.id}`)) {
        if (!isDead(name, scan)) continue;
        await artifacts.delete(`scans/${scan.id}/${name}`);
        count += 1;
      }
    }
  };
  let batch: string[] = [];
  for await (const name of artifacts.list('scans')) {
    if (signal.aborted) break;
    if (SCAN_ID.test(name)) batch.push(name);
    if (batch.length < BATCH_SIZE) continue;
    await sweep(batch);
    batch = [];
  }
  if (!signal.aborted) await sweep(batch);
  if (count > 0) logger.info('removed files of attempts that left no result', { folders: count });
  return count;
}

/** True for the folder of an attempt that no result can come from any more, and that has none. */
export function isDead(name: string, { id, attempt, status, observationKey }: ScanAttempts): boolean {
  if (!/^[1-9]\d*$/.test(name) || observationKey?.startsWith(`scans/${id}/${name}/`)) return false;
  return Number(name) < attempt || (Number(name) === attempt && status !== 'running');
}

/** Sweeps at once and every six hours. A sweep that fails is logged; the next one comes as usual. */
export function startSweeper(deps: SweepDeps, intervalMs = INTERVAL_MS): Sweeper {
  const stopping = new AbortController();
  let sweeping = Promise.resolve();
  const sweep = (): void => {
    sweeping = sweeping
      .then(async () => void (await sweepAttempts(deps, stopping.signal)))
      .catch((error: unknown) => {
        deps.logger.warn('could not remove the files of dead attempts', { error });
      });
  };
  sweep();
  const timer = setInterval(sweep, intervalMs);
  return {
    async stop() {
      stopping.abort();
      clearInterval(timer);
      await sweeping;
    },
  };
}

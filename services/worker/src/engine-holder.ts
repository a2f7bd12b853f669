import type { SiteObservation } from '@cookie-scanner/contracts';
import { AppError, isAppError } from '@cookie-scanner/errors';
import type { Logger } from '@cookie-scanner/observability';
import type { ScanEngine, ScanOptions } from '@cookie-scanner/scan-engine';
import { untilAborted } from './until-aborted.ts';

/** Keeps a working engine at hand. */
export interface EngineHolder {
  /**
   * Scans with the engine in use, and starts a new one first when the last one broke.
   *
   * @throws AppError BROWSER_UNAVAILABLE when the engine broke or none can be started; a later try may succeed
   * @throws the reason of the signal as soon as that fires, whatever the engine does
   */
  scan(url: string, options: ScanOptions): Promise<SiteObservation>;
  /** Why no scan can run now, in words; null when one can. It is looked into again and again until one can. */
  problem(): string | null;
  /** Ends the engine, and with it the scans that still run. No new one is started. */
  close(): Promise<void>;
}

interface EngineHolderOptions {
  readonly start: () => Promise<ScanEngine>;
  readonly logger: Logger;
  /** Called each time an engine breaks. */
  readonly onBroken: () => void;
  /** Pause between two tries to start an engine again. */
  readonly retryMs?: number;
}

interface HeldEngine {
  readonly engine: ScanEngine;
  users: number;
  isBroken: boolean;
}

const RETRY_MS = 5_000;

/**
 * Starts an engine and holds it. What may pass, such as a full disk, keeps no holder from coming into being: it then has a
 * problem until an engine starts.
 *
 * @throws AppError BROWSER_UNAVAILABLE when the first start fails by something else, with a message that says what to do
 */
export async function holdEngine({
  start,
  logger,
  onBroken,
  retryMs = RETRY_MS,
}: EngineHolderOptions): Promise<EngineHolder> {
  const held = new Set<HeldEngine>();
  let current: Promise<HeldEngine> | null = null;
  let problem: string | null = null;
  let isClosed = false;
  let retry: NodeJS.Timeout | undefined;

  async function startHeld(): Promise<HeldEngine> {
    try {
      const entry = { engine: await start(), users: 0, isBroken: false };
      held.add(entry);
      if (isClosed) await end(entry);
      if (problem !== null) logger.info('the scan engine starts again');
      problem = null;
      return entry;
    } catch (error) {
      current = null;
      problem = error instanceof Error ? error.message : String(error);
      clearTimeout(retry);
      // Nobody may ask for a scan meanwhile, and nobody should where it is known that none can run.
      if (!isClosed) retry = setTimeout(() => void inUse().catch(() => undefined), retryMs);
      throw error;
    }
  }

  async function inUse(): Promise<HeldEngine> {
    return await (current ??= startHeld());
  }

  async function end(entry: HeldEngine): Promise<void> {
    if (held.delete(entry)) await entry.engine.close();
  }

  /** Takes an engine out of use; the scans that still run on it may end. */
  function retire(entry: HeldEngine): void {
    if (entry.isBroken) return;
    entry.isBroken = true;
    current = null;
    if (isClosed) return;
    logger.warn('the scan engine broke; the next scan starts a new one');
    onBroken();
  }

  async function scan(url: string, options: ScanOptions): Promise<SiteObservation> {
    if (isClosed) throw new AppError('BROWSER_UNAVAILABLE', 'This worker is being stopped.');
    const entry = await inUse();
    entry.users += 1;
    try {
      const work = entry.engine.scan(url, options);
      return await (options.signal ? untilAborted(work, options.signal) : work);
    } catch (error) {
      if (isAppError(error) && error.code === 'BROWSER_UNAVAILABLE') retire(entry);
      throw error;
    } finally {
      entry.users -= 1;
      if (entry.isBroken && entry.users === 0) await end(entry);
    }
  }

  try {
    await inUse();
  } catch (error) {
    if (!isAppError(error) || error.details['mayPass'] !== true) {
      clearTimeout(retry);
      throw error;
    }
    logger.error('no scan can run yet', { reason: error.message });
  }
  return {
    scan,
    problem: () => problem,
    async close() {
      isClosed = true;
      clearTimeout(retry);
      await current?.catch(() => undefined);
      await Promise.all([...held].map(end));
    },
  };
}

import { setTimeout as delay } from 'node:timers/promises';
import {
  isTerminalStatus,
  type ScanProgress,
  type ScanResult,
  type ScanStage,
} from '@cookie-scanner/contracts';
import type { ScanRepository } from '@cookie-scanner/database';
import type { Logger } from '@cookie-scanner/observability';
import type { ProgressChannel } from '@cookie-scanner/redis';
import { isScanOver } from './scan-over.ts';
import type { EventStream } from './sse.ts';

/** What a watch needs. */
export interface WatchDeps {
  readonly scans: Pick<ScanRepository, 'find' | 'observationArtifact'>;
  readonly progress: Pick<ProgressChannel, 'subscribe'>;
  /** Milliseconds between two looks at the database. */
  readonly pollMs: number;
}

/** After so many looks in a row that failed the stream ends; the client reconnects and is told what is wrong. */
const FAILED_LOOKS_MAX = 10;

/** Id of the last event: a client that reconnects with it has seen everything. */
export const FINISHED_EVENT_ID = 'finished';

/**
 * Sends the progress of a scan to a stream until the scan is over, then the result, and ends the stream.
 *
 * The database decides what is true; progress from Redis fills the time in between. Without Redis, the changes of the
 * row are the progress. Never rejects; returns early when the stream is closed.
 *
 * @param lastEventId - of the last event that the client saw, from this gateway or another; what came before is left out
 */
export async function watchScan(
  { scans, progress, pollMs }: WatchDeps,
  first: ScanResult,
  stream: EventStream,
  log: Logger,
  lastEventId?: string,
): Promise<void> {
  const send = progressSender(stream, lastEventId);
  const unsubscribe = progress.subscribe(first.id, send);
  let failedLooks = 0;
  try {
    for (let scan: ScanResult | null = first; scan !== null;) {
      send(progressOf(scan));
      if (await isScanOver(scans, scan)) {
        if (!stream.signal.aborted) stream.send({ name: 'finished', data: scan, id: FINISHED_EVENT_ID });
        return;
      }
      await delay(pollMs, undefined, { signal: stream.signal });
      const next = await lookAgain(scans, scan, log);
      failedLooks = next.failed ? failedLooks + 1 : 0;
      if (failedLooks >= FAILED_LOOKS_MAX) return;
      scan = next.scan;
    }
  } catch (error) {
    if (!stream.signal.aborted) log.warn('the watch of a scan ended early', { error });
  } finally {
    unsubscribe();
    stream.end();
  }
}

async function lookAgain(
  scans: WatchDeps['scans'],
  known: ScanResult,
  log: Logger,
): Promise<{ scan: ScanResult | null; failed: boolean }> {
  try {
    return { scan: await scans.find(known.id), failed: false };
  } catch (error) {
    log.warn('the database did not answer a watch; looking again', { error });
    return { scan: known, failed: true };
  }
}

/**
 * Passes on what is news: never back to an earlier attempt or stage, and nothing twice. The id of an event says how far the
 * scan was, so that any gateway can go on from it.
 */
function progressSender(
  stream: EventStream,
  lastEventId: string | undefined,
): (progress: ScanProgress) => void {
  let last = standOf(lastEventId);
  return (progress) => {
    const rank = progress.attempt * STAGES.length + STAGES.indexOf(progress.stage);
    const waits = progress.waitsForWorker ? '-w' : '';
    const counts = `${progress.pagesDone}-${progress.pagesKnown}-${progress.cookiesSeen}${waits}`;
    if (last && (rank < last.rank || (rank === last.rank && counts === last.counts))) return;
    last = { rank, counts };
    stream.send({ name: 'progress', data: progress, id: `${rank}.${counts}` });
  };
}

/** How far a scan was at an event; null for an id that is none of ours. */
function standOf(eventId: string | undefined): { rank: number; counts: string } | null {
  const [, rank, counts] = /^(\d{1,9})\.(\d{1,9}-\d{1,9}-\d{1,9}(?:-w)?)$/.exec(eventId ?? '') ?? [];
  return rank === undefined || counts === undefined ? null : { rank: Number(rank), counts };
}

/** Order of what one attempt reports. A scan is queued again, under the same attempt, after its worker was lost. */
const STAGES: readonly ScanStage[] = [
  'claimed',
  'launching',
  'navigating',
  'settling',
  'leaving',
  'collecting',
  'storing',
  'queued',
  'finished',
];

/** How far a scan is as far as its row tells. */
function progressOf(scan: ScanResult): ScanProgress {
  const isOver = isTerminalStatus(scan.status);
  return {
    scanId: scan.id,
    stage: isOver ? 'finished' : scan.status === 'queued' ? 'queued' : 'claimed',
    attempt: scan.attempt,
    pagesDone: scan.totals?.pages ?? 0,
    pagesKnown: scan.totals?.pages ?? 0,
    cookiesSeen: scan.totals?.cookies ?? 0,
    consentState: null,
    ...(scan.waitsForWorker ? { waitsForWorker: scan.waitsForWorker } : {}),
    at: scan.finishedAt ?? scan.startedAt ?? scan.queuedAt,
  };
}

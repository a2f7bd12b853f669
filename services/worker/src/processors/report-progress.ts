import type { ScanProgress, ScanStage } from '@cookie-scanner/contracts';
import type { EngineProgress } from '@cookie-scanner/scan-engine';

/** Tells watchers how far one attempt is. */
export interface ProgressReporter {
  /** A step of the worker; the counts stay what the engine said last. */
  stage(stage: ScanStage): void;
  /** A sign of progress of the engine. */
  engine(progress: EngineProgress): void;
}

/**
 * Publishes one sign at a time. What comes while one is on its way waits, and a newer one takes its place: signs are hints,
 * and only the newest is worth a trip.
 *
 * @param publish - never rejects
 */
export function progressReporter(
  publish: (progress: ScanProgress) => Promise<void>,
  { scanId, attempt }: { scanId: string; attempt: number },
): ProgressReporter {
  let last: Omit<EngineProgress, 'stage'> = {
    pagesDone: 0,
    pagesKnown: 0,
    cookiesSeen: 0,
    consentState: null,
  };

  let waiting: ScanProgress | null = null;
  let isPublishing = false;

  async function publishAll(): Promise<void> {
    isPublishing = true;
    while (waiting !== null) {
      const sign = waiting;
      waiting = null;
      await publish(sign);
    }
    isPublishing = false;
  }

  function report(stage: ScanStage): void {
    waiting = { scanId, attempt, stage, ...last, at: new Date().toISOString() };
    if (!isPublishing) void publishAll();
  }

  return {
    stage: report,
    engine({ stage, ...counts }) {
      last = counts;
      report(stage);
    },
  };
}

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

  function report(stage: ScanStage): void {
    void publish({ scanId, attempt, stage, ...last, at: new Date().toISOString() });
  }

  return {
    stage: report,
    engine({ stage, ...counts }) {
      last = counts;
      report(stage);
    },
  };
}

import { counted } from '@cookie-scanner/analysis';
import type { ConsentState, ScanProgress, ScanStage } from '@cookie-scanner/contracts';

const STAGES: Record<ScanStage, string> = {
  queued: 'Waiting for a worker',
  claimed: 'A worker took the scan',
  launching: 'Starting the browser',
  navigating: 'Loading the page',
  settling: 'Letting the page live',
  leaving: 'Leaving the page',
  collecting: 'Collecting what is there',
  storing: 'Storing the result',
  finished: 'Making the reports',
};

const STATES: Record<ConsentState, string> = {
  untouched: 'untouched',
  accept: 'accepting',
  reject: 'rejecting',
  gpc: 'with Global Privacy Control',
  gpc_reject: 'rejecting, with Global Privacy Control',
};

/** What a scan is doing, in a few words. */
export function progressText(progress: ScanProgress): string {
  const { stage, attempt, pagesDone, pagesKnown, cookiesSeen, consentState, waitsForWorker } = progress;
  const count = `${Math.min(pagesDone + 1, pagesKnown)} of ${pagesKnown}`;
  const facts = [
    ...(waitsForWorker ? [`which must have ${waitsForWorker.labels.join(' and ')}: none is there`] : []),
    ...(attempt > 1 ? [`attempt ${attempt}`] : []),
    // A scan that looks at consent states counts them, and not pages.
    ...(consentState !== null
      ? [`consent state ${count} (${STATES[consentState]})`]
      : pagesKnown > 1
        ? [`page ${count}`]
        : []),
    ...(cookiesSeen > 0 ? [`${counted(cookiesSeen, 'cookie')} so far`] : []),
  ];
  return [STAGES[stage], ...facts].join(', ');
}

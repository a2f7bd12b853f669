import { counted } from '@cookie-scanner/analysis';
import type { ScanProgress, ScanStage } from '@cookie-scanner/contracts';

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

/** What a scan is doing, in a few words. */
export function progressText({ stage, attempt, pagesDone, pagesKnown, cookiesSeen }: ScanProgress): string {
  const facts = [
    ...(attempt > 1 ? [`attempt ${attempt}`] : []),
    ...(pagesKnown > 1 ? [`page ${Math.min(pagesDone + 1, pagesKnown)} of ${pagesKnown}`] : []),
    ...(cookiesSeen > 0 ? [`${counted(cookiesSeen, 'cookie')} so far`] : []),
  ];
  return [STAGES[stage], ...facts].join(', ');
}

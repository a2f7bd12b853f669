import { counted, durationText } from '@cookie-scanner/analysis';
import type { Outcome } from '@cookie-scanner/contracts';

/** Counts a crawl and says how it goes. */
export interface CrawlProgress {
  addSkipped(): void;
  addResult(status: Outcome): void;
  /** How it stands, in one line. */
  text(): string;
  /** How it went, in one sentence. */
  summary(): string;
}

/**
 * @param total - different URLs in the list; null when that is not known beforehand
 * @param now - clock in milliseconds that never runs backwards
 */
export function crawlProgress(total: number | null, now: () => number): CrawlProgress {
  const startedAt = now();
  const counts: Record<Outcome, number> = { success: 0, partial: 0, blocked: 0, failed: 0 };
  let skipped = 0;

  const scanned = (): number => Object.values(counts).reduce((sum, count) => sum + count, 0);
  const elapsedSeconds = (): number => (now() - startedAt) / 1_000;

  function timeLeft(): string | null {
    if (total === null || scanned() === 0) return null;
    const left = Math.max(0, total - skipped - scanned());
    return left === 0 ? null : `about ${durationText((left * elapsedSeconds()) / scanned())} left`;
  }

  return {
    addSkipped: () => void (skipped += 1),
    addResult: (status) => void (counts[status] += 1),
    text() {
      const perMinute = elapsedSeconds() === 0 ? 0 : Math.round((scanned() * 60) / elapsedSeconds());
      const parts = [
        total === null ? `${scanned()} scanned` : `${skipped + scanned()} of ${total}`,
        ...(counts.failed + counts.blocked > 0 ? [`${counts.failed} failed, ${counts.blocked} blocked`] : []),
        `${perMinute} a minute`,
        timeLeft(),
      ];
      return parts.filter((part) => part !== null).join(', ');
    },
    summary() {
      const { success, partial, blocked, failed } = counts;
      const details = `${success} complete, ${partial} in part, ${blocked} blocked, ${failed} failed`;
      const before = skipped > 0 ? `; ${skipped} had a result already` : '';
      return `Scanned ${counted(scanned(), 'site')} in ${durationText(elapsedSeconds())}: ${details}${before}.`;
    },
  };
}

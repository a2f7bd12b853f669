import { counted, durationText } from '@cookie-scanner/analysis';
import type { Outcome } from '@cookie-scanner/contracts';

/** Counts a crawl and says how it goes. */
export interface CrawlProgress {
  addSkipped(): void;
  addResult(status: Outcome): void;
  /** How it stands, in one line, with a bar where the length of the list is known. */
  bar(): string;
  /** The same without a bar. */
  text(): string;
  /** How it went, in one sentence. */
  summary(): string;
}

const BAR_CELLS = 24;
/** Results that the rate is taken from: enough to be steady, few enough to follow a list that gets slower. */
const RATE_RESULTS = 200;
/** A rate from less than this says nothing: lines that are no addresses have their results at once. */
const RATE_SECONDS_MIN = 5;

/**
 * @param total - different URLs in the list; null when that is not known beforehand
 * @param now - clock in milliseconds that never runs backwards
 */
export function crawlProgress(total: number | null, now: () => number): CrawlProgress {
  const startedAt = now();
  const counts: Record<Outcome, number> = { success: 0, partial: 0, blocked: 0, failed: 0 };
  /** When the latest results came, oldest first. */
  const recent = [startedAt];
  let skipped = 0;

  const scanned = (): number => Object.values(counts).reduce((sum, count) => sum + count, 0);
  const perMinute = (): number | null => {
    const seconds = (now() - (recent[0] ?? startedAt)) / 1_000;
    return seconds < RATE_SECONDS_MIN ? null : ((recent.length - 1) * 60) / seconds;
  };

  function timeLeft(): string | null {
    const rate = perMinute();
    if (total === null || rate === null || rate === 0) return null;
    const left = Math.max(0, total - skipped - scanned());
    return left === 0 ? null : `about ${durationText((left * 60) / rate)} left`;
  }

  function text(): string {
    const rate = perMinute();
    const parts = [
      total === null ? `${scanned()} scanned` : `${skipped + scanned()} of ${total}`,
      ...(counts.failed + counts.blocked > 0 ? [`${counts.failed} failed, ${counts.blocked} blocked`] : []),
      rate === null ? null : `${Math.round(rate)} a minute`,
      timeLeft(),
    ];
    return parts.filter((part) => part !== null).join(', ');
  }

  return {
    addSkipped: () => void (skipped += 1),
    addResult(status) {
      counts[status] += 1;
      recent.push(now());
      if (recent.length > RATE_RESULTS) recent.shift();
    },
    bar() {
      if (total === null) return text();
      const share = Math.min(1, (skipped + scanned()) / total);
      const cells = Math.floor(share * BAR_CELLS);
      return `${'█'.repeat(cells)}${'░'.repeat(BAR_CELLS - cells)} ${Math.floor(share * 100)} %, ${text()}`;
    },
    text,
    summary() {
      const { success, partial, blocked, failed } = counts;
      const details = `${success} complete, ${partial} in part, ${blocked} blocked, ${failed} failed`;
      const before = skipped > 0 ? `; ${skipped} had a result already` : '';
      const elapsedSeconds = (now() - startedAt) / 1_000;
      return `Scanned ${counted(scanned(), 'site')} in ${durationText(elapsedSeconds)}: ${details}${before}.`;
    },
  };
}

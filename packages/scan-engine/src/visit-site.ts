import type { StoredItem } from './collectors/page-storage.ts';
import { startDeadline, type Deadline } from './deadline.ts';
import type { Exploration, NextPage } from './exploration/exploration.ts';
import type { VisitedPage } from './observation.ts';
import type { PageOutcome } from './outcome.ts';
import type { ScanSession } from './scan-session.ts';
import { visitPage, type PagePlan } from './visit-page.ts';

/** A page gets at least this, however many are still to come. */
const PAGE_LIMIT_MIN_MS = 5_000;

/** Which pages are visited, and how. */
export interface VisitPlan extends PagePlan {
  readonly exploration: Exploration;
  /** Whether the session ends after one page. */
  readonly isSinglePage: boolean;
  readonly deadline: Deadline;
}

/** What the visits of one session gathered beside what the collectors hold. */
export interface Gathered {
  readonly visits: VisitedPage[];
  readonly outcomes: PageOutcome[];
  readonly storage: StoredItem[];
  readonly clocksNotAdvanced: string[];
  /** Whether the first page came at all. */
  wasShown: boolean;
  botWall: string | null;
  pageLifeMs: number;
  /** Page that the next session begins with; null when the scan has visited them all. */
  next: NextPage | null;
}

/** Before the first visit. */
export function nothingGathered(next: NextPage | null): Gathered {
  return {
    visits: [],
    outcomes: [],
    storage: [],
    clocksNotAdvanced: [],
    wasShown: false,
    botWall: null,
    pageLifeMs: 0,
    next,
  };
}

/**
 * Visits one page and, unless the plan has it otherwise, all pages after it.
 *
 * @param gathered - names the first page as the next one, and takes up what each visit gathers once that is over
 */
export async function visitSite(session: ScanSession, gathered: Gathered, plan: VisitPlan): Promise<void> {
  const { exploration, deadline } = plan;
  const storageKeys = new Set<string>();
  while (gathered.next !== null && !(plan.isSinglePage && gathered.visits.length > 0)) {
    const limit = shareOf(deadline, exploration.pagesKnown() - exploration.pagesDone());
    const visit = await visitPage(session, gathered.next, exploration.pagesDone(), limit, plan);
    const { page, outcome, fromMs, life } = visit;
    exploration.done({
      shownUrl: visit.wasShown ? page.url : null,
      redirects: page.redirects,
      links: life.links,
    });
    gathered.wasShown ||= gathered.visits.length === 0 && visit.wasShown;
    gathered.visits.push({ fromMs, page });
    gathered.outcomes.push(outcome);
    gathered.botWall ??= visit.botWall;
    gathered.pageLifeMs = Math.max(gathered.pageLifeMs, life.livedMs);
    gathered.clocksNotAdvanced.push(...life.clocksNotAdvanced);
    for (const item of life.storage) {
      const key = `${item.kind}\u0000${item.origin}\u0000${item.key}`;
      if (!storageKeys.has(key)) gathered.storage.push(item);
      storageKeys.add(key);
    }
    gathered.next = deadline.passed ? null : await exploration.next();
  }
}

/** What one of so many pages may take of the time that is left, so that a page that hangs leaves time for the others. */
function shareOf(deadline: Deadline, pageCount: number): Deadline {
  const remainingMs = deadline.remainingMs();
  const shareMs = Math.max(PAGE_LIMIT_MIN_MS, remainingMs / Math.max(1, pageCount));
  return shareMs >= remainingMs ? deadline : startDeadline(shareMs);
}

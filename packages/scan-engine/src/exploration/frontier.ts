import { pageKeyOf } from './page-address.ts';
import { pagePatternOf, type PagePattern } from './page-pattern.ts';

/** A page that may be visited. */
interface KnownPage {
  readonly url: string;
  /** Links from the start page to it, by the way it was found first. */
  readonly depth: number;
}

/** How much of a site is visited. */
export interface FrontierLimits {
  readonly depthMax: number;
  readonly samplesPerPatternMax: number;
}

/** The pages of a site that are known and not visited yet. Its size does not depend on the size of the site. */
export interface Frontier {
  /** Adds pages that are new; leaves out what is too deep or one of too many that look alike. */
  offer(urls: Iterable<string>, depth: number): void;
  /**
   * Takes the page to visit next: one that looks like none before, else one that looks like the fewest, the nearest
   * to the start page and found the earliest among those. Null when there is none.
   *
   * @param mayVisit - asked about a page before it is taken; one that may not be visited is dropped
   */
  take(mayVisit: (url: string) => Promise<boolean>): Promise<KnownPage | null>;
  /** Notes an address that needs no further visit. */
  markVisited(url: string): void;
  /** In the order in which they were found. */
  waiting(): readonly KnownPage[];
}

interface Waiting extends KnownPage, PagePattern {
  readonly key: string;
}

const WAITING_MAX = 2_000;
/** More than are visited are kept of each pattern, because some may not be visited. */
const SPARE_SAMPLES = 20;

/** Opens a frontier that knows no page. */
export function openFrontier({ depthMax, samplesPerPatternMax }: FrontierLimits): Frontier {
  const waiting = new Set<Waiting>();
  const keys = new Set<string>();
  const acceptedByPattern = new Map<string, number>();
  const visitsByPattern = new Map<string, number>();
  const visitsByFolder = new Map<string, number>();

  const visitsOf = ({ pattern }: PagePattern): number => visitsByPattern.get(pattern) ?? 0;
  const offer = (url: string, depth: number): void => {
    const key = pageKeyOf(url);
    if (keys.has(key)) return;
    const pattern = pagePatternOf(url);
    const accepted = acceptedByPattern.get(pattern.pattern) ?? 0;
    if (accepted >= samplesPerPatternMax + SPARE_SAMPLES) return;
    acceptedByPattern.set(pattern.pattern, accepted + 1);
    keys.add(key);
    waiting.add({ url, depth, key, ...pattern });
  };
  const best = (): Waiting | undefined => {
    let found: { page: Waiting; rank: readonly number[] } | undefined;
    for (const page of waiting) {
      if (visitsOf(page) >= samplesPerPatternMax) {
        waiting.delete(page);
        continue;
      }
      // Pages are in the order in which they were found.
      const rank = [visitsOf(page), visitsByFolder.get(page.folder) ?? 0, page.depth];
      if (!found || isLess(rank, found.rank)) found = { page, rank };
    }
    return found?.page;
  };

  return {
    offer(urls, depth) {
      if (depth > depthMax) return;
      for (const url of urls) {
        if (waiting.size >= WAITING_MAX) return;
        offer(url, depth);
      }
    },
    async take(mayVisit) {
      for (let page = best(); page !== undefined; page = best()) {
        waiting.delete(page);
        if (!(await mayVisit(page.url))) continue;
        visitsByPattern.set(page.pattern, visitsOf(page) + 1);
        visitsByFolder.set(page.folder, (visitsByFolder.get(page.folder) ?? 0) + 1);
        return { url: page.url, depth: page.depth };
      }
      return null;
    },
    markVisited(url) {
      const key = pageKeyOf(url);
      keys.add(key);
      for (const page of waiting) if (page.key === key) waiting.delete(page);
    },
    waiting: () => [...waiting],
  };
}

function isLess(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at !== -1 && (a[at] ?? 0) < (b[at] ?? 0);
}

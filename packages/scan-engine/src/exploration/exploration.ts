import type { ScanParams, SkippedPage } from '@cookie-scanner/contracts';
import { isSameSite } from '../site.ts';
import type { Deadline } from '../deadline.ts';
import { openFrontier, type FrontierLimits } from './frontier.ts';
import { pageAddressOf, type PageLink } from './page-address.ts';
import { readSitemaps } from './read-sitemaps.ts';
import { robotsAccess } from './robots-access.ts';
import type { SiteFiles } from './site-file.ts';

/** A page to visit now. */
export interface NextPage {
  readonly url: string;
  /** Links from the start page to it. */
  readonly depth: number;
  /** Address on the site that the visit must not leave; null for the start page, which says what the site is. */
  readonly siteUrl: string | null;
}

/** What the visit of a page told about the site. */
interface PageFindings {
  /** Address of the document that was shown; null when none was. */
  readonly shownUrl: string | null;
  /** Addresses that led to it. */
  readonly redirects: readonly string[];
  readonly links: readonly PageLink[];
}

/** Chooses which pages of a site one scan visits, and in which order. Knows no browser. */
export interface Exploration {
  /** The next page; null when there is none, or when no more may be visited. To be called once the last one is `done`. */
  next(): Promise<NextPage | null>;
  /** Begins to ask for what the site has for robots, as soon as it is known where the start page is. */
  prepare(shownUrl: string): void;
  /** Ends the visit of the page that `next` gave. */
  done(findings: PageFindings): void;
  pagesDone(): number;
  /** Pages done, the one being visited, and those that may still be visited. */
  pagesKnown(): number;
  skippedPages(): readonly SkippedPage[];
  /** What a reader must know of how pages were chosen. */
  notes(): readonly string[];
}

/** How far a scan goes. */
export interface ExplorationPlan {
  readonly startUrl: string;
  readonly params: Pick<ScanParams, 'mode' | 'pagesMax' | 'depthMax' | 'samplesPerPatternMax' | 'robots'>;
  readonly files: SiteFiles;
  readonly deadline: Deadline;
}

/** What the modes choose where the parameters leave it to them. */
const MODES: Record<ScanParams['mode'], { pagesMax: number; depthMax: number; readsSitemaps: boolean }> = {
  quick: { pagesMax: 1, depthMax: 3, readsSitemaps: false },
  standard: { pagesMax: 4, depthMax: 3, readsSitemaps: false },
  deep: { pagesMax: 25, depthMax: 5, readsSitemaps: true },
  consent_audit: { pagesMax: 1, depthMax: 3, readsSitemaps: false },
};

const SITEMAPS_LIMIT_MS = 15_000;
/** Sitemaps may take this share of what is left of the scan's time. */
const SITEMAPS_SHARE = 0.25;

/** Opens the exploration of one site. */
export function openExploration({ startUrl, params, files, deadline }: ExplorationPlan): Exploration {
  const mode = MODES[params.mode];
  const pagesMax = params.pagesMax ?? mode.pagesMax;
  const limits: FrontierLimits = {
    depthMax: params.depthMax ?? mode.depthMax,
    samplesPerPatternMax: params.samplesPerPatternMax,
  };
  const goesOn = pagesMax > 1 && limits.depthMax > 0;
  const frontier = openFrontier(limits);
  const robots = robotsAccess(files, params.robots, deadline);
  const sitemapPages = new Map<string, Promise<SitemapPages>>();
  const notes: string[] = [];
  let current: Pick<NextPage, 'url' | 'depth'> | null = { url: startUrl, depth: 0 };
  let siteUrl: string | null = null;
  let pagesDone = 0;
  let hasBegun = false;

  const readSitemapPages = async (url: string): Promise<SitemapPages> => {
    const named = (await robots.rulesFor(url))?.sitemaps ?? [];
    const limitMs = Math.min(SITEMAPS_LIMIT_MS, deadline.remainingMs() * SITEMAPS_SHARE);
    return await findSitemapPages({ files, siteUrl: url, named, limitMs }, limits);
  };
  const sitemapPagesOf = async (url: string): Promise<SitemapPages> => {
    const { origin } = new URL(url);
    const known = sitemapPages.get(origin) ?? readSitemapPages(url);
    sitemapPages.set(origin, known);
    return await known;
  };
  const begin = async (url: string): Promise<void> => {
    hasBegun = true;
    await robots.noteStart(url);
    if (!mode.readsSitemaps) return;
    const found = await sitemapPagesOf(url);
    frontier.offer(found.urls, 1);
    notes.push(...found.notes);
  };

  return {
    async next() {
      if (current === null) {
        if (siteUrl === null || !goesOn || pagesDone >= pagesMax) return null;
        if (!hasBegun) await begin(siteUrl);
        current = deadline.passed ? null : await frontier.take(async (url) => await robots.mayVisit(url));
      }
      return current && { ...current, siteUrl };
    },
    prepare(shownUrl) {
      if (!goesOn || siteUrl !== null || !isOfTheWeb(shownUrl)) return;
      const answer = mode.readsSitemaps ? sitemapPagesOf(shownUrl) : robots.rulesFor(shownUrl);
      answer.catch(() => undefined); // Whoever asks again gets the same answer, and the error if it is one.
    },
    done({ shownUrl, redirects, links }) {
      if (current === null) return;
      const { url, depth } = current;
      current = null;
      if (pagesDone === 0 && shownUrl !== null && isOfTheWeb(shownUrl)) siteUrl = shownUrl;
      pagesDone += 1;
      if (siteUrl === null || !goesOn) return;
      for (const visited of [url, ...redirects, shownUrl ?? url])
        if (isOfTheWeb(visited)) frontier.markVisited(visited);
      const site = siteUrl;
      const pages = links.map(pageAddressOf).filter((address) => address !== null);
      frontier.offer(
        pages.filter((address) => isSameSite(address, site)),
        depth + 1,
      );
    },
    pagesDone: () => pagesDone,
    pagesKnown: () => Math.min(pagesMax, pagesDone + (current === null ? 0 : 1) + frontier.waiting().length),
    skippedPages: () => robots.skippedPages(),
    notes: () => [...notes, ...robots.notes()],
  };
}

interface SitemapPages {
  readonly urls: readonly string[];
  readonly notes: readonly string[];
}

/** Pages of the sitemaps, as many of each pattern as may be visited. */
async function findSitemapPages(
  search: Omit<Parameters<typeof readSitemaps>[0], 'onPage'>,
  limits: FrontierLimits,
): Promise<SitemapPages> {
  const found = openFrontier(limits);
  const notes = await readSitemaps({
    ...search,
    onPage(href) {
      const address = pageAddressOf({ href, text: '', isDownload: false });
      if (address !== null) found.offer([address], 1);
    },
  });
  return { urls: found.waiting().map(({ url }) => url), notes };
}

function isOfTheWeb(url: string): boolean {
  return /^https?:/.test(url) && URL.canParse(url);
}

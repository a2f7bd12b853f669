import { isSameSite } from '../site.ts';
import { SiteFileError, type SiteFiles } from './site-file.ts';
import { NoSitemapError, sitemapReader } from './sitemap-reader.ts';

/** Where sitemaps are looked for, and for how long. */
interface SitemapSearch {
  readonly files: SiteFiles;
  /** Start page of the site: sitemaps of other sites, and pages of other sites in them, are left out. */
  readonly siteUrl: string;
  /** As robots.txt names them. */
  readonly named: readonly string[];
  readonly limitMs: number;
  readonly onPage: (url: string) => void;
}

const SITEMAPS_MAX = 20;
/** A sitemap that takes longer is left, and the next one read. */
const SITEMAP_LIMIT_MS = 5_000;
/** Of one sitemap. @see https://www.sitemaps.org/protocol.html */
const PAGES_MAX = 50_000;

/**
 * Reads the sitemaps that robots.txt names, the one at the usual place, and those that these name in turn. Never throws.
 *
 * @returns what a reader must know, one sentence each
 */
export async function readSitemaps(search: SitemapSearch): Promise<string[]> {
  const { siteUrl, named, limitMs } = search;
  const usual = new URL('/sitemap.xml', siteUrl).href;
  const sitemaps = new Set([...named, usual].flatMap((url) => ownAddress(url, siteUrl)));
  const signal = AbortSignal.timeout(Math.ceil(limitMs));
  const notes: string[] = [];
  let read = 0;
  // Those that an index names join while this runs.
  for (const url of sitemaps) {
    if (signal.aborted || read >= SITEMAPS_MAX) break;
    read += 1;
    const addSitemap = (found: string): void => {
      if (sitemaps.size < 2 * SITEMAPS_MAX) for (const own of ownAddress(found, siteUrl)) sitemaps.add(own);
    };
    const limit = AbortSignal.any([signal, AbortSignal.timeout(SITEMAP_LIMIT_MS)]);
    const problem = await readSitemap(url, search, limit, addSitemap);
    const wasNamed = url !== usual || named.includes(url);
    if (problem !== null && (wasNamed || problem.isThere))
      notes.push(`The sitemap ${url} ${problem.text}; what was read of it until then was used.`);
  }
  if (sitemaps.size > read) notes.push(`The site has more sitemaps than were read; ${read} were.`);
  return notes;
}

interface SitemapProblem {
  readonly text: string;
  /** False when there is just no sitemap. */
  readonly isThere: boolean;
}

async function readSitemap(
  url: string,
  { files, siteUrl, onPage }: SitemapSearch,
  signal: AbortSignal,
  addSitemap: (url: string) => void,
): Promise<SitemapProblem | null> {
  let pages = 0;
  const reader = sitemapReader({
    page(found) {
      pages += 1;
      if (pages <= PAGES_MAX) for (const own of ownAddress(found, siteUrl)) onPage(own);
    },
    sitemap: (found) => addSitemap(found),
  });
  try {
    const { status, chunks } = await files.open(url, signal);
    if (status !== 200) {
      await chunks.return(undefined);
      return { text: `was answered with ${status}`, isThere: status >= 500 };
    }
    for await (const chunk of chunks) {
      reader.write(chunk);
      if (pages > PAGES_MAX) return { text: `lists more than ${PAGES_MAX} pages`, isThere: true };
    }
    reader.end();
    return null;
  } catch (error) {
    if (error instanceof SiteFileError)
      return { text: error.message, isThere: !(error instanceof NoSitemapError) };
    throw error;
  }
}

function ownAddress(url: string, siteUrl: string): string[] {
  return /^https?:/i.test(url) && URL.canParse(url) && isSameSite(url, siteUrl) ? [new URL(url).href] : [];
}

import type { RobotsPolicy, SkippedPage } from '@cookie-scanner/contracts';
import type { Deadline } from '../deadline.ts';
import { readRobotsRules, type RobotsRules } from './robots-rules.ts';
import type { SiteFiles } from './site-file.ts';

/** What the robots.txt files of a site let a scan do. */
export interface RobotsAccess {
  /** Rules of the origin of an address, read once; null when too many origins were asked already. */
  rulesFor(url: string): Promise<RobotsRules | null>;
  /** Whether the scan may visit a page that it chose itself. A page that it may not is noted. */
  mayVisit(url: string): Promise<boolean>;
  /** The same for the start page, which somebody asked for: it is visited in any case, and a note says so. */
  noteStart(url: string): Promise<void>;
  skippedPages(): readonly SkippedPage[];
  notes(): readonly string[];
}

const SKIPPED_MAX = 100;
const ORIGINS_MAX = 20;

/** Asks each origin for its robots.txt when a page of it is to be visited. */
export function robotsAccess(files: SiteFiles, policy: RobotsPolicy, deadline: Deadline): RobotsAccess {
  const rules = new Map<string, Promise<RobotsRules>>();
  const skipped: SkippedPage[] = [];
  const notes = new Set<string>();

  const read = async (origin: string): Promise<RobotsRules> => {
    const found = await readRobotsRules(files, origin, deadline.remainingMs());
    if (found.problem !== null && policy === 'respect')
      notes.add(`${origin}/robots.txt ${found.problem}; nothing is known of what it asks of robots.`);
    return found;
  };
  const rulesFor = async (url: string): Promise<RobotsRules | null> => {
    const { origin } = new URL(url);
    const known = rules.get(origin) ?? (rules.size < ORIGINS_MAX ? read(origin) : null);
    if (known !== null) rules.set(origin, known);
    return await known;
  };

  return {
    rulesFor,
    async mayVisit(url) {
      if (policy === 'ignore') return true;
      const found = await rulesFor(url);
      if (found?.allows(url)) return true;
      if (found === null) notes.add(`Pages on more than ${ORIGINS_MAX} hosts are not visited.`);
      else if (skipped.length < SKIPPED_MAX) skipped.push({ url, reason: 'robots_disallowed' });
      else notes.add(`More than ${SKIPPED_MAX} pages are closed to robots; the first ones are listed.`);
      return false;
    },
    async noteStart(url) {
      if (policy === 'ignore' || (await rulesFor(url))?.allows(url) !== false) return;
      notes.add('robots.txt closes the start page to robots; it was visited because it was asked for.');
    },
    skippedPages: () => skipped,
    notes: () => [...notes],
  };
}

import type { ChangedCookie, CookieFacts, ChangedCookieField, ScanDiff } from '@cookie-scanner/contracts';
import { durationText } from '../duration-text.ts';
import { byKeys } from '../sort-order.ts';
import type { ClassifiedScan } from './classified-scan.ts';
import { cookieFacts } from './observed-cookie.ts';
import { comparisonCaveats } from './comparison-caveats.ts';
import { diffFindings } from './diff-findings.ts';
import { diffStorage, diffThirdPartyHosts } from './diff-storage.ts';

const DAY_SECONDS = 86_400;
/** Lifetimes that differ by less than this share, or by a day, are the same: many count from a moment that moves. */
const LIFETIME_TOLERANCE_SHARE = 0.1;

interface Differences {
  readonly added: CookieFacts[];
  readonly removed: CookieFacts[];
  readonly changed: ChangedCookie[];
  readonly knowledgeChanged: ChangedCookie[];
  readonly flaky: CookieFacts[];
}

/**
 * Compares a site before with the same site after: cookies, storage, hosts of other sites, findings. Each side is one scan or several repeats of one; with repeats a
 * cookie counts as added only when it was in none before and is in all after, as removed the other way round.
 *
 * @param before - at least one scan
 * @param after - at least one scan
 */
export function diffScans(before: readonly ClassifiedScan[], after: readonly ClassifiedScan[]): ScanDiff {
  const [old, now] = [sightings(before), sightings(after)];
  const keys = [...new Set([...old.keys(), ...now.keys()])];
  const diff: Differences = { added: [], removed: [], changed: [], knowledgeChanged: [], flaky: [] };
  const areStatesComparable = statesOf(before) === statesOf(after);
  for (const key of keys) {
    const [was, is] = [old.get(key), now.get(key)];
    const cookie = is?.facts ?? was?.facts;
    if (!cookie) continue;
    if (was && is) addChanges(diff, was.facts, is.facts, areStatesComparable);
    else if (is) (is.count === after.length ? diff.added : diff.flaky).push(cookie);
    else (was?.count === before.length ? diff.removed : diff.flaky).push(cookie);
  }
  return {
    ...sorted(diff),
    storage: diffStorage(before, after),
    thirdPartyHosts: diffThirdPartyHosts(before, after),
    findings: diffFindings(before, after, diff.knowledgeChanged),
    caveats: comparisonCaveats(before, after),
  };
}

/** True when nothing differs but noise and what we know. */
export function isUnchanged({
  added,
  removed,
  changed,
  storage,
  thirdPartyHosts,
  findings,
}: ScanDiff): boolean {
  const differences = [
    ...[added, removed, changed, storage.added, storage.removed],
    ...[thirdPartyHosts.added, thirdPartyHosts.removed, findings.added, findings.removed, findings.changed],
  ];
  return differences.every((list) => list.length === 0);
}

function sightings(scans: readonly ClassifiedScan[]): Map<string, { facts: CookieFacts; count: number }> {
  const seen = new Map<string, { facts: CookieFacts; count: number }>();
  for (const facts of scans.flatMap(cookieFacts)) {
    const known = seen.get(facts.key);
    seen.set(facts.key, { facts: known?.facts ?? facts, count: (known?.count ?? 0) + 1 });
  }
  return seen;
}

function addChanges(
  diff: Pick<Differences, 'changed' | 'knowledgeChanged'>,
  was: CookieFacts,
  is: CookieFacts,
  areStatesComparable: boolean,
): void {
  const bySite = [...siteChanges(was, is), ...(areStatesComparable ? stateChange(was, is) : [])];
  const category = categoryChange(was, is);
  // With the same knowledge another category comes from another setter or lifetime, so from the site.
  const isOurs = category.length > 0 && was.basis !== is.basis;
  const changes = isOurs ? bySite : [...bySite, ...category];
  if (changes.length > 0) diff.changed.push({ cookie: is, changes });
  if (isOurs) diff.knowledgeChanged.push({ cookie: is, changes: category });
}

function siteChanges(was: CookieFacts, is: CookieFacts): ChangedCookieField[] {
  const changes: ChangedCookieField[] = [];
  if (!isSameLifetime(was.lifetimeDays, is.lifetimeDays)) {
    changes.push({ field: 'lifetime', before: daysText(was.lifetimeDays), after: daysText(is.lifetimeDays) });
  }
  for (const field of ['secure', 'httpOnly'] as const) {
    if (was[field] !== is[field]) changes.push({ field, before: yesNo(was[field]), after: yesNo(is[field]) });
  }
  for (const field of ['sameSite', 'party'] as const) {
    if (was[field] !== is[field]) changes.push({ field, before: was[field], after: is[field] });
  }
  // Where one of the scans did not see who set it, nothing is known about a change.
  if (was.setterSite !== null && is.setterSite !== null && was.setterSite !== is.setterSite) {
    changes.push({ field: 'setter', before: was.setterSite, after: is.setterSite });
  }
  return changes;
}

function stateChange(was: CookieFacts, is: CookieFacts): ChangedCookieField[] {
  const [before, after] = [was.consentStates.join(', '), is.consentStates.join(', ')];
  return before === after ? [] : [{ field: 'consentStates', before, after }];
}

function categoryChange(was: CookieFacts, is: CookieFacts): ChangedCookieField[] {
  return was.category === is.category
    ? []
    : [{ field: 'category', before: was.category, after: is.category }];
}

/** The consent states that scans looked at. */
function statesOf(scans: readonly ClassifiedScan[]): string {
  const states = scans.flatMap(({ observation }) => observation.consent.runs.map(({ state }) => state));
  return [...new Set(states)].toSorted().join(' ');
}

function sorted({ added, removed, changed, knowledgeChanged, flaky }: Differences): Differences {
  const byCookie = byKeys<CookieFacts>(({ name, domain, path, key }) => [name, domain, path, key]);
  const byChanged = (a: ChangedCookie, b: ChangedCookie): number => byCookie(a.cookie, b.cookie);
  return {
    added: added.toSorted(byCookie),
    removed: removed.toSorted(byCookie),
    changed: changed.toSorted(byChanged),
    knowledgeChanged: knowledgeChanged.toSorted(byChanged),
    flaky: flaky.toSorted(byCookie),
  };
}

function isSameLifetime(before: number, after: number): boolean {
  if ((before === 0) !== (after === 0)) return false;
  const difference = Math.abs(before - after);
  return difference <= 1 || difference <= Math.max(before, after) * LIFETIME_TOLERANCE_SHARE;
}

function daysText(days: number): string {
  return days === 0 ? 'session' : durationText(days * DAY_SECONDS);
}

function yesNo(is: boolean): string {
  return is ? 'yes' : 'no';
}

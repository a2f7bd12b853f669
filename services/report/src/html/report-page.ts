import {
  counted,
  durationText,
  summariseObservation,
  type CookieSummary,
  type ObservationSummary,
} from '@cookie-scanner/analysis';
import type { ReportInput } from '../report-input.ts';
import { cookieRow, type CookieRow } from './cookie-rows.ts';
import { chainLabels, setterText, sizeText, utcText } from './page-text.ts';
import { technicalFacts } from './technical-facts.ts';

/** Rows of one table; the JSON report has them all. */
const ROWS_SHOWN_MAX = 1_000;

/** Rows of one table, and how many more there are. */
interface Rows<T> {
  readonly rows: readonly T[];
  readonly total: number;
  /** "23 more are in the JSON report"; null when all are here. */
  readonly leftOut: string | null;
}

/** One key number. */
interface Tile {
  readonly label: string;
  readonly value: string;
  readonly unit: string | null;
  readonly detail: string;
  readonly party: 'first' | 'third' | null;
}

/** Works out everything that the template shows of one report. Its texts are plain; the template escapes them. */
export function reportPage(input: ReportInput) {
  const { scan, observation } = input;
  const summary = summariseObservation(observation);
  const { counts } = summary;
  const wasSeen = summary.status === 'success' || summary.status === 'partial';
  const ofParty = (party: 'first' | 'third') =>
    summary.cookies.filter(({ cookie }) => cookie.party === party);

  return {
    site: summary.site,
    siteUnicode: summary.siteUnicode,
    headline: summary.headline,
    status: STATUSES[summary.status],
    statusName: summary.status,
    requestedUrl: scan.requestedUrl,
    scannedAt: utcText(observation.startedAt),
    duration: durationText(Math.max(1, observation.durationMs / 1_000)),
    // Where the site was not seen, zeros would read like a finding.
    tiles: wasSeen ? tilesOf(summary) : [],
    wasSeen,
    gaps: summary.qualityWarnings.filter((warning) => warning.level === 'gap'),
    notes: summary.qualityWarnings.filter((warning) => warning.level === 'note'),
    setters: settersOf(summary),
    firstPartyCookies: cookieTable(ofParty('first')),
    thirdPartyCookies: cookieTable(ofParty('third')),
    hasCookies: counts.cookies > 0,
    transientCookies: cookieTable(summary.transientCookies),
    blockedCookies: limited(summary.blockedCookies, ({ blocked, reasons }) => ({ ...blocked, reasons })),
    storage: storageOf(summary),
    hosts: hostsOf(summary),
    pages: pagesOf(summary),
    technical: technicalFacts(input),
  };
}

const STATUSES = {
  success: 'Complete',
  partial: 'Incomplete',
  blocked: 'Turned away',
  failed: 'Failed',
} as const;

function tilesOf({ counts, longestLifetime, qualityWarnings }: ObservationSummary): Tile[] {
  const hasGaps = qualityWarnings.some((warning) => warning.level === 'gap');
  const longest = longestLifetime === null ? ['–'] : durationText(longestLifetime.seconds).split(' ');
  return [
    tile(
      'Cookies',
      counts.cookies,
      hasGaps ? 'or more: see what is missing' : 'kept at the end of the visit',
    ),
    { ...tile('First-party', counts.firstPartyCookies, 'belong to this site'), party: 'first' },
    { ...tile('Third-party', counts.thirdPartyCookies, 'belong to other sites'), party: 'third' },
    {
      ...tile('Longest life', longest[0] ?? '–', `${counts.persistentCookies} outlive the browser session`),
      unit: longest[1] ?? null,
    },
    tile(
      'Other hosts',
      counts.thirdPartyHosts,
      `got ${counts.thirdPartyRequests} of ${counted(counts.requests, 'request')}`,
    ),
    tile('Storage items', counts.storageItems, 'kept in other ways than cookies'),
  ];
}

function tile(label: string, value: number | string, detail: string): Tile {
  return {
    label,
    value: typeof value === 'number' ? value.toLocaleString('en-GB') : value,
    unit: null,
    detail,
    party: null,
  };
}

function settersOf({ setters, counts }: ObservationSummary) {
  return limited(setters, ({ site, party, cookies, firstPartyCookies }) => ({
    site,
    cookies: counted(cookies, 'cookie'),
    firstParty: firstPartyCookies,
    thirdParty: cookies - firstPartyCookies,
    rest: counts.cookies - cookies,
    remark: setterRemark(party, cookies, firstPartyCookies),
  }));
}

function storageOf({ storage: entries }: ObservationSummary) {
  return limited(entries, ({ storage, kindText, party, chain }) => ({
    kind: kindText,
    origin: storage.origin,
    key: storage.key,
    isThirdParty: party === 'third',
    size: storage.sizeBytes === 0 ? '–' : sizeText(storage.sizeBytes),
    setter: setterText(chain),
    chain: chainLabels(chain),
  }));
}

function hostsOf({ thirdPartyHosts }: ObservationSummary) {
  return limited(thirdPartyHosts, ({ host, cookiesSet }) => ({
    host,
    cookies: cookiesSet === 0 ? null : counted(cookiesSet, 'cookie'),
  }));
}

function pagesOf({ pages }: ObservationSummary) {
  return limited(pages, (page) => ({
    ...page,
    status: STATUSES[page.status],
    statusName: page.status,
    httpStatus: page.httpStatus === null ? 'no answer' : `HTTP ${page.httpStatus}`,
  }));
}

/** Said where it surprises: another site's script writing cookies in the name of the visited site. */
function setterRemark(
  party: 'first' | 'third' | 'unknown',
  cookies: number,
  firstParty: number,
): string | null {
  if (party !== 'third' || firstParty === 0) return null;
  if (firstParty === cookies) return 'in the name of the visited site';
  return `${firstParty} of them in the name of the visited site`;
}

function cookieTable(cookies: readonly CookieSummary[]): Rows<CookieRow> {
  return limited(cookies, cookieRow);
}

function limited<T, R>(items: readonly T[], toRow: (item: T) => R): Rows<R> {
  const more = items.length - ROWS_SHOWN_MAX;
  return {
    rows: items.slice(0, ROWS_SHOWN_MAX).map(toRow),
    total: items.length,
    leftOut: more > 0 ? `${more.toLocaleString('en-GB')} more are in the JSON report.` : null,
  };
}

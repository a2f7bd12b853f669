import {
  CATEGORY_WORDS,
  counted,
  durationText,
  summariseObservation,
  verdictHeadline,
  type Analysis,
  type ObservationSummary,
} from '@cookie-scanner/analysis';
import type { CookieClassification } from '@cookie-scanner/contracts';
import type { ReportInput } from '../report-input.ts';
import { consentStates } from './consent-states.ts';
import { cookieCategories } from './cookie-categories.ts';
import { cookieRow } from './cookie-rows.ts';
import { findingGroups } from './finding-groups.ts';
import { limited } from './limited-rows.ts';
import { chainLabels, setterText, sizeText, utcText } from './page-text.ts';
import { picturesView } from './report-pictures-view.ts';
import { scoreView } from './score-view.ts';
import { technicalFacts } from './technical-facts.ts';

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
  const { scan, observation, analysis } = input;
  const summary = summariseObservation(observation);
  const { counts } = summary;
  const wasSeen = summary.status === 'success' || summary.status === 'partial';

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
    tiles: wasSeen && counts.cookies > 0 ? tilesOf(summary) : [],
    wasSeen,
    gaps: summary.qualityWarnings.filter((warning) => warning.level === 'gap'),
    notes: summary.qualityWarnings.filter((warning) => warning.level === 'note'),
    setters: settersOf(summary),
    verdict: verdictHeadline(analysis.judgement, summary.site) ?? summary.headline,
    score: scoreView(analysis),
    groups: findingGroups(input),
    states: consentStates(observation, analysis),
    categories: cookieCategories(summary.cookies, analysis),
    pictures: picturesView(input),
    knowledgeVersion: analysis.knowledgeVersion,
    transientCookies: limited(summary.transientCookies, (cookie) => cookieRow(cookie)),
    blockedCookies: limited(summary.blockedCookies, ({ blocked, reasons }) => ({ ...blocked, reasons })),
    storage: storageOf(summary, analysis),
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

function storageOf({ storage: entries }: ObservationSummary, analysis: Analysis) {
  const known = new Map(analysis.storage.map(({ item, classification }) => [item, classification]));
  return limited(entries, ({ storage, kindText, party, chain }) => ({
    ...storagePurpose(known.get(storage)),
    kind: kindText,
    origin: storage.origin,
    key: storage.key,
    isThirdParty: party === 'third',
    size: storage.sizeBytes === 0 ? '–' : sizeText(storage.sizeBytes),
    setter: setterText(chain),
    chain: chainLabels(chain),
  }));
}

/** What a storage item is for, and of whom; unclassified ones say nothing, because most are. */
function storagePurpose(classification: CookieClassification | undefined) {
  if (!classification || classification.category === 'unclassified') return { purpose: null, vendor: null };
  const { category, vendor, company } = classification;
  return { purpose: CATEGORY_WORDS[category].name, vendor: company === 'first party' ? null : vendor };
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

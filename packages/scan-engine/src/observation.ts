import type {
  BlockedCookie,
  CookieObservation,
  PageObservation,
  Quality,
  RefusedConnection,
  SiteObservation,
  SkippedPage,
} from '@cookie-scanner/contracts';
import { buildCookieLedger, type CookieLedger, type LedgerEntry } from './attribution/cookie-ledger.ts';
import {
  collectCookieClearings,
  collectCookieWrites,
  type CookieWrite,
} from './attribution/cookie-writes.ts';
import { fingerprintingObservations } from './attribution/fingerprinting-observations.ts';
import { formLeaks } from './attribution/form-leaks.ts';
import { initiatorChains, type InitiatorChains } from './attribution/initiator-chain.ts';
import { hostObservations } from './attribution/host-observations.ts';
import { identifierTransfers } from './attribution/identifier-transfers.ts';
import { inferSetter } from './attribution/inferred-setter.ts';
import { refusalReason } from './attribution/refusal-reason.ts';
import { jarKey, type JarCookie } from './collectors/cookie-jar.ts';
import type { StoredItem } from './collectors/page-storage.ts';
import { storageObservations } from './attribution/storage-observations.ts';
import type { HostRecord } from './egress/host-log.ts';
import { ENGINE_VERSION } from './engine-settings.ts';
import type { ScanSession } from './scan-session.ts';
import { siteOf } from './site.ts';
import { valueShapeOf } from './value-shape.ts';

/** A page that was visited, and when: `fromMs` on the scan's clock. */
export interface VisitedPage {
  readonly fromMs: number;
  readonly page: PageObservation;
}

/** Everything that one scan gathered, before it is put in order. */
export interface ScanRecord {
  readonly requestedUrl: string;
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly browserVersion: string;
  readonly session: ScanSession;
  readonly visits: readonly VisitedPage[];
  readonly skippedPages: readonly SkippedPage[];
  readonly finalJar: readonly JarCookie[];
  readonly storage: readonly StoredItem[];
  readonly hosts: readonly HostRecord[];
  /** Address of the first page that was shown; null when none was. */
  readonly finalUrl: string | null;
  /** Addresses that led to it. */
  readonly redirects: readonly string[];
  readonly status: SiteObservation['status'];
  readonly statusReason: string | null;
  readonly quality: Omit<
    Quality,
    'unattributedShare' | 'refusedConnections' | 'targetsNotAttached' | 'truncated'
  >;
}

/** Puts what was gathered into the one serialisable value that everything else works from. */
export function assembleObservation(record: ScanRecord): SiteObservation {
  const { session, visits, finalJar } = record;
  const chains = initiatorChains(session.requests, session.frames, session.scriptNames);
  const writes = collectCookieWrites({ ...session, chains, startedAtMs: record.startedAtMs });
  const ledger = buildCookieLedger(writes, session.snapshots, collectCookieClearings(session.requests));
  const finalUrl = record.finalUrl;
  const ownSite = siteOf(finalUrl ?? record.requestedUrl);
  const redirectSites = new Set([record.requestedUrl, ...record.redirects].map(siteOf));
  const context: CookieContext = { record, chains, ownSite, redirectSites };

  const matched = new Set<LedgerEntry>();
  const cookies = finalJar.map((cookie) => {
    const entry = ledger.find(cookie);
    if (entry) matched.add(entry);
    return jarObservation(cookie, entry, context);
  });
  const urls = requestedUrls(session);
  const { hosts, notes } = hostObservations(record.hosts, urls, ownSite);
  const unattributed = cookies.filter(({ setBy }) => setBy.kind === 'unknown').length;

  return {
    version: 1,
    requestedUrl: record.requestedUrl,
    finalUrl,
    status: record.status,
    statusReason: record.statusReason,
    startedAt: new Date(record.startedAtMs).toISOString(),
    durationMs: record.durationMs,
    engine: { version: ENGINE_VERSION, browser: record.browserVersion },
    pages: visits.map(({ page }) => page),
    skippedPages: [...record.skippedPages],
    cookies,
    transientCookies: ledger
      .entries()
      .filter((entry) => entry.wasStored && !matched.has(entry))
      .map((entry) => ledgerObservation(entry, context)),
    blockedCookies: blockedCookies(writes, ledger, session),
    storage: storageObservations(record.storage, session.scripts, chains),
    requests: requestTotals(urls, ownSite),
    hosts,
    consent: NO_CONSENT,
    fingerprinting: fingerprintingObservations(session.fingerprints, chains),
    formLeaks: formLeaks({
      typed: session.forms,
      requests: session.requests.all(),
      writes,
      jar: finalJar,
      stored: record.storage,
      chains,
    }),
    identifierTransfers: identifierTransfers({
      writes,
      jar: finalJar,
      requests: session.requests.all(),
      chains,
    }),
    visitor: session.visitor.shown,
    access: null,
    files: [],
    quality: {
      ...record.quality,
      notes: [...record.quality.notes, ...notes],
      targetsNotAttached: [...session.targets.notPaused()],
      unattributedShare: cookies.length === 0 ? 0 : unattributed / cookies.length,
      refusedConnections: refusedConnections(record.hosts),
      truncated: session.truncated(),
    },
  };
}

/** Modes with one consent state press nothing and look for no banner. */
const NO_CONSENT: SiteObservation['consent'] = { runs: [], gpcDeclaration: null, declarations: [] };

interface CookieContext {
  readonly record: ScanRecord;
  readonly chains: InitiatorChains;
  readonly ownSite: string;
  readonly redirectSites: ReadonlySet<string>;
}

function partyOf(
  domain: string,
  { ownSite, redirectSites }: CookieContext,
): Pick<CookieObservation, 'party' | 'isRedirectParty'> {
  const site = siteOf(domain);
  const isFirst = site === ownSite;
  return { party: isFirst ? 'first' : 'third', isRedirectParty: !isFirst && redirectSites.has(site) };
}

function jarObservation(
  cookie: JarCookie,
  entry: LedgerEntry | null,
  context: CookieContext,
): CookieObservation {
  const { record, chains } = context;
  return {
    name: cookie.name,
    value: cookie.value,
    valueHash: null,
    valueShape: valueShapeOf(cookie.value),
    domain: cookie.domain,
    hostOnly: !cookie.domain.startsWith('.'),
    path: cookie.path,
    httpOnly: cookie.httpOnly,
    secure: cookie.secure,
    sameSite: cookie.sameSite,
    expiresAt: cookie.expires === null ? null : new Date(cookie.expires * 1000).toISOString(),
    session: cookie.expires === null,
    partitionKey: cookie.partitionSite,
    sizeBytes: cookie.sizeBytes,
    ...partyOf(cookie.domain, context),
    consentStates: ['untouched'],
    inStates: [],
    sameInAllProfiles: null,
    pages: pagesOf(cookie, entry, record),
    setBy: entry?.setter ?? inferSetter(cookie, record.session.requests, record.session.snapshots, chains),
    events: entry?.events ?? [],
    declaredLifetimeSeconds: entry?.cookie.lifetimeSeconds ?? null,
    authenticated: false,
  };
}

/** A cookie that is gone again, as it was last asked for. */
function ledgerObservation(entry: LedgerEntry, context: CookieContext): CookieObservation {
  const { record } = context;
  const { cookie } = entry;
  const lastSeenMs = entry.events.at(-1)?.atMs ?? 0;
  const expiresMs =
    cookie.lifetimeSeconds === null ? null : record.startedAtMs + lastSeenMs + cookie.lifetimeSeconds * 1000;
  const site = siteOf(record.finalUrl ?? record.requestedUrl);
  return {
    name: cookie.name,
    value: cookie.value,
    valueHash: null,
    valueShape: valueShapeOf(cookie.value),
    domain: entry.domain,
    hostOnly: entry.hostOnly,
    path: cookie.path,
    httpOnly: cookie.httpOnly,
    secure: cookie.secure,
    sameSite: cookie.sameSite,
    expiresAt: expiresMs === null ? null : new Date(Math.min(expiresMs, 8.64e15)).toISOString(),
    session: cookie.lifetimeSeconds === null,
    partitionKey: cookie.partitioned ? `https://${site}` : null,
    sizeBytes: Buffer.byteLength(cookie.name) + Buffer.byteLength(cookie.value),
    ...partyOf(entry.domain, context),
    consentStates: ['untouched'],
    inStates: [],
    sameInAllProfiles: null,
    pages: pagesOf(null, entry, record),
    setBy: entry.setter,
    events: entry.events,
    declaredLifetimeSeconds: cookie.lifetimeSeconds,
    authenticated: false,
  };
}

/**
 * Pages during whose visit something happened to the cookie; the one after which it was first seen in the jar when
 * nothing was seen happening.
 */
function pagesOf(
  cookie: JarCookie | null,
  entry: LedgerEntry | null,
  { visits, session }: ScanRecord,
): string[] {
  const times = entry?.events.map(({ atMs }) => atMs) ?? [];
  const seen =
    cookie && session.snapshots.find(({ jar }) => jar.some((held) => jarKey(held) === jarKey(cookie)));
  if (times.length === 0) times.push(seen?.atMs ?? 0);
  const visited = times.map((atMs) => visits.findLast(({ fromMs }) => fromMs <= atMs) ?? visits[0]);
  return [...new Set(visited.flatMap((visit) => (visit ? [visit.page.url] : [])))];
}

function blockedCookies(
  writes: readonly CookieWrite[],
  ledger: CookieLedger,
  session: ScanSession,
): BlockedCookie[] {
  const issues = session.issues.all().filter(({ operation }) => operation === 'SetCookie');
  const attemptKey = (name: string, url: string): string => `${name}\u0000${url}`;
  const issueOf = new Map(issues.toReversed().map((issue) => [attemptKey(issue.name, issue.url), issue]));
  const blocked: BlockedCookie[] = writes
    .filter(({ outcome }) => outcome === 'refused')
    .map((write) => ({
      name: write.cookie.name,
      domain: write.cookie.domain ?? write.host,
      url: write.url,
      reasons: write.reasons.length > 0 ? [...write.reasons] : [refusalReason(write.cookie, write.url)],
    }));
  for (const { wasStored, cookie, domain, url } of ledger.entries()) {
    if (wasStored) continue;
    const issue = issueOf.get(attemptKey(cookie.name, url));
    blocked.push({
      name: cookie.name,
      domain: domain.replace(/^\./, ''),
      url,
      reasons: issue ? [...issue.reasons] : [refusalReason(cookie, url)],
    });
  }
  const known = new Set(blocked.map(({ name, url }) => attemptKey(name, url)));
  for (const { name, domain, url, reasons } of issues) {
    if (!known.has(attemptKey(name, url))) blocked.push({ name, domain, url, reasons: [...reasons] });
    known.add(attemptKey(name, url));
  }
  return uniqueBy(blocked, ({ name, domain, url }) => `${name}\u0000${domain}\u0000${url}`);
}

/** Addresses on the network that were asked for, redirects included. */
function requestedUrls({ requests }: ScanSession): string[] {
  return requests
    .all()
    .flatMap(({ hops }) => hops.map(({ url }) => url))
    .filter((url) => /^(https?|wss?):/.test(url) && URL.canParse(url));
}

function requestTotals(urls: readonly string[], ownSite: string): SiteObservation['requests'] {
  return {
    total: urls.length,
    thirdParty: urls.filter((url) => siteOf(url) !== ownSite).length,
    hosts: [...new Set(urls.map((url) => new URL(url).host))].sort(),
  };
}

const REFUSALS: ReadonlySet<HostRecord['outcome']> = new Set([
  'address_not_allowed',
  'port_not_allowed',
  'host_not_allowed',
  'limit_reached',
]);

function refusedConnections(hosts: readonly HostRecord[]): RefusedConnection[] {
  return hosts
    .filter(({ outcome }) => REFUSALS.has(outcome))
    .map(({ host, port, outcome, count }) => ({ host, port, reason: outcome, count }));
}

function uniqueBy<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}

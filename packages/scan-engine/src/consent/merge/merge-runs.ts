import type {
  ConsentObservation,
  ConsentState,
  CookieObservation,
  HostObservation,
  Quality,
  SiteObservation,
  StorageObservation,
} from '@cookie-scanner/contracts';
import { cookieInState, observedKey, type ObservedRun } from './cookie-in-state.ts';

/** The runs of one scan, in the order of their states, and what belongs to the scan as a whole. */
export interface ScanRuns {
  readonly runs: readonly [ObservedRun, ...ObservedRun[]];
  readonly gpcDeclaration: ConsentObservation['gpcDeclaration'];
  readonly declarations: ConsentObservation['declarations'];
  readonly startedAt: string;
  readonly durationMs: number;
  /** States that there was no time for. */
  readonly missed: readonly ConsentState[];
  /** Sentences on single runs. */
  readonly notes: readonly string[];
}

/**
 * Makes one observation of all runs: one row for each cookie, with the states it was there in. Address, pages and
 * attributes are those of the first run that saw them, which is the untouched one where it did.
 */
export function mergeRuns({ runs, missed, ...scan }: ScanRuns): SiteObservation {
  const observations = runs.map(({ observation }) => observation);
  const [first] = observations as [SiteObservation, ...SiteObservation[]];
  const shown = observations.find(({ finalUrl }) => finalUrl !== null) ?? first;
  const { cookies, transientCookies } = mergeCookies(runs);
  const flawed = observations.find(({ status }) => status !== 'success');
  const isWhole = flawed === undefined && missed.length === 0;
  return {
    ...shown,
    status: isWhole || first.status !== 'success' ? first.status : 'partial',
    statusReason:
      isWhole || first.status !== 'success' ? first.statusReason : (flawed?.statusReason ?? 'timeout'),
    startedAt: scan.startedAt,
    durationMs: scan.durationMs,
    cookies,
    transientCookies,
    blockedCookies: unique(observations.flatMap((each) => each.blockedCookies)),
    storage: mergeStorage(runs),
    requests: {
      total: sum(observations.map(({ requests }) => requests.total)),
      thirdParty: sum(observations.map(({ requests }) => requests.thirdParty)),
      hosts: [...new Set(observations.flatMap(({ requests }) => requests.hosts))].sort(),
    },
    hosts: mergeHosts(observations.flatMap(({ hosts }) => hosts)),
    consent: {
      runs: runs.map(({ run }) => run),
      gpcDeclaration: scan.gpcDeclaration,
      declarations: scan.declarations,
    },
    fingerprinting: unique(observations.flatMap(({ fingerprinting }) => fingerprinting)),
    quality: mergeQuality(observations, cookies, [...scan.notes, ...notesOn(missed)]),
    files: uniqueBy(
      observations.flatMap(({ files }) => files),
      ({ name }) => name,
    ),
  };
}

/** One entry for each item, as the first run saw it that did, with the states at whose end it was there. */
function mergeStorage(runs: readonly ObservedRun[]): StorageObservation[] {
  const items = new Map<string, StorageObservation>();
  for (const { run, observation } of runs) {
    for (const item of observation.storage) {
      const key = `${item.kind}\u0000${item.origin}\u0000${item.key}`;
      const known = items.get(key) ?? item;
      items.set(key, { ...known, consentStates: [...new Set([...known.consentStates, run.state])] });
    }
  }
  return [...items.values()];
}

interface CookieRow {
  readonly cookie: CookieObservation;
  readonly isKept: boolean;
  readonly values: (string | null)[];
}

function mergeCookies(runs: readonly ObservedRun[]): Pick<SiteObservation, 'cookies' | 'transientCookies'> {
  const rows = new Map<string, CookieRow>();
  for (const observed of runs) {
    const { observation } = observed;
    // Of two entries of one cookie the later one would win: the jar knows more than what was asked for.
    const seen = uniqueBy([...observation.transientCookies, ...observation.cookies], observedKey);
    for (const cookie of seen) {
      const inState = cookieInState(cookie, observed);
      const isKept = inState.atEnd;
      const known = rows.get(observedKey(cookie));
      // Attributes of a cookie that stayed say more than those of one that was gone again.
      const base = known && (known.isKept || !isKept) ? known.cookie : cookie;
      const inStates = [...(known?.cookie.inStates ?? []), inState];
      rows.set(observedKey(cookie), {
        cookie: {
          ...base,
          inStates,
          consentStates: inStates.map(({ state }) => state),
          pages: [...new Set([...(known?.cookie.pages ?? []), ...cookie.pages])],
        },
        isKept: isKept || known?.isKept === true,
        values: [...(known?.values ?? []), ...(isKept ? [cookie.value] : [])],
      });
    }
  }
  const finished = [...rows.values()].map(({ cookie, isKept, values }) => ({
    isKept,
    cookie: { ...cookie, sameInAllProfiles: values.length < 2 ? null : new Set(values).size === 1 },
  }));
  return {
    cookies: finished.flatMap(({ cookie, isKept }) => (isKept ? [cookie] : [])),
    transientCookies: finished.flatMap(({ cookie, isKept }) => (isKept ? [] : [cookie])),
  };
}

function mergeHosts(hosts: readonly HostObservation[]): HostObservation[] {
  const merged = new Map<string, HostObservation>();
  for (const host of hosts) {
    const known = merged.get(host.host);
    const base = known?.outcome === 'connected' ? known : host;
    merged.set(host.host, { ...base, requests: host.requests + (known?.requests ?? 0) });
  }
  return [...merged.values()].sort((one, other) => (one.host < other.host ? -1 : 1));
}

function mergeQuality(
  observations: readonly SiteObservation[],
  cookies: readonly CookieObservation[],
  notes: readonly string[],
): Quality {
  const qualities = observations.map(({ quality }) => quality);
  const [first] = qualities as [Quality, ...Quality[]];
  const refused = new Map<string, Quality['refusedConnections'][number]>();
  for (const each of qualities.flatMap(({ refusedConnections }) => refusedConnections)) {
    const key = `${each.host}:${each.port} ${each.reason}`;
    refused.set(key, { ...each, count: each.count + (refused.get(key)?.count ?? 0) });
  }
  const unknown = cookies.filter(({ setBy }) => setBy.kind === 'unknown').length;
  return {
    ...first,
    timedOut: qualities.some(({ timedOut }) => timedOut),
    botWall: qualities.find(({ botWall }) => botWall !== null)?.botWall ?? null,
    targetsNotAttached: unique(qualities.flatMap((each) => each.targetsNotAttached)),
    unattributedShare: cookies.length === 0 ? 0 : unknown / cookies.length,
    pageLifeMs: Math.max(...qualities.map(({ pageLifeMs }) => pageLifeMs)),
    clocksNotAdvanced: unique(qualities.flatMap((each) => each.clocksNotAdvanced)),
    refusedConnections: [...refused.values()],
    notes: unique([...qualities.flatMap((each) => each.notes), ...notes]),
  };
}

function notesOn(missed: readonly ConsentState[]): string[] {
  return missed.length === 0
    ? []
    : [`There was no time to look at these consent states: ${missed.join(', ')}.`];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function unique<T>(items: readonly T[]): T[] {
  return uniqueBy(items, (item) => JSON.stringify(item));
}

function uniqueBy<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}

import { worstOfEach } from './bounds/bound-observation.ts';
import type { CookieObservation, SiteObservation } from '@cookie-scanner/contracts';

/**
 * Makes one observation of what was seen of one site in several clean profiles, each on one of its pages. What they saw of
 * the same cookie is one entry, with all pages and events; it ends as the last of them had it.
 *
 * Every field is named, so that a new one is not lost.
 *
 * @param parts - at least one, in the order of the visits; the first is that of the start page
 */
export function mergeProfiles(parts: readonly SiteObservation[]): SiteObservation {
  const [first] = parts;
  const last = parts.at(-1);
  if (!first || !last) throw new Error('a scan has at least one profile');
  if (parts.length === 1) return first;

  const cookies = mergeCookies(parts.flatMap((part) => part.cookies));
  const transient = mergeCookies(parts.flatMap((part) => part.transientCookies));
  const timedOut = last.quality.timedOut && first.status === 'success';
  return {
    version: first.version,
    requestedUrl: first.requestedUrl,
    finalUrl: first.finalUrl,
    status: timedOut ? 'partial' : first.status,
    statusReason: timedOut ? 'timeout' : first.statusReason,
    startedAt: first.startedAt,
    durationMs: last.durationMs,
    engine: first.engine,
    pages: parts.flatMap(({ pages }) => pages),
    skippedPages: last.skippedPages,
    cookies: cookies.map((cookie) => {
      const gone = transient.find((other) => identityOf(other) === identityOf(cookie));
      return gone ? withHistory(cookie, [cookie, gone]) : cookie;
    }),
    transientCookies: transient.filter(
      (gone) => !cookies.some((cookie) => identityOf(cookie) === identityOf(gone)),
    ),
    blockedCookies: unique(
      parts.flatMap(({ blockedCookies }) => blockedCookies),
      ({ name, domain, url }) => [name, domain, url],
    ),
    storage: unique(
      parts.flatMap(({ storage }) => storage),
      ({ kind, origin, key }) => [kind, origin, key],
    ),
    requests: {
      total: sum(parts.map(({ requests }) => requests.total)),
      thirdParty: sum(parts.map(({ requests }) => requests.thirdParty)),
      hosts: [...new Set(parts.flatMap(({ requests }) => requests.hosts))].sort(),
    },
    hosts: mergeHosts(parts),
    consent: first.consent,
    fingerprinting: parts.flatMap(({ fingerprinting }) => fingerprinting),
    formLeaks: parts.flatMap(({ formLeaks }) => formLeaks),
    identifierTransfers: parts.flatMap(({ identifierTransfers }) => identifierTransfers),
    visitor: first.visitor,
    // A login that failed later on is what must be told.
    access: (parts.find(({ access }) => access?.login?.status === 'failed') ?? first).access,
    quality: mergeQuality(parts, cookies),
    files: last.files,
  };
}

function mergeCookies(cookies: readonly CookieObservation[]): CookieObservation[] {
  return [...Map.groupBy(cookies, identityOf).values()].map((same) => {
    const last = same.at(-1) as CookieObservation; // A group is never empty.
    const values = new Set(same.map(({ value }) => value));
    return {
      ...withHistory(last, same),
      sameInAllProfiles: same.length === 1 ? last.sameInAllProfiles : values.size === 1,
    };
  });
}

/** The cookie with what happened to it in all profiles; set by whoever was seen setting it first. */
function withHistory(cookie: CookieObservation, same: readonly CookieObservation[]): CookieObservation {
  return {
    ...cookie,
    setBy: (
      same.find(({ setBy }) => setBy.kind !== 'unknown' && setBy.kind !== 'preset') ??
      same.find(({ setBy }) => setBy.kind === 'preset') ??
      cookie
    ).setBy,
    pages: [...new Set(same.flatMap(({ pages }) => pages))],
    consentStates: [...new Set(same.flatMap(({ consentStates }) => consentStates))],
    events: same.flatMap(({ events }) => events).sort((a, b) => a.atMs - b.atMs),
  };
}

function identityOf({ name, domain, path, partitionKey }: CookieObservation): string {
  return JSON.stringify([name, domain, path, partitionKey]);
}

/** A host that one profile reached was reached. */
function mergeHosts(parts: readonly SiteObservation[]): SiteObservation['hosts'] {
  const hosts = parts.flatMap((part) => part.hosts);
  return [...Map.groupBy(hosts, ({ host }) => host).values()]
    .flatMap((same) => {
      const telling = same.find(({ outcome }) => outcome === 'connected') ?? same.at(-1);
      return telling ? [{ ...telling, requests: sum(same.map(({ requests }) => requests)) }] : [];
    })
    .sort((a, b) => (a.host < b.host ? -1 : 1));
}

function mergeRefusals(parts: readonly SiteObservation[]): SiteObservation['quality']['refusedConnections'] {
  const refusals = parts.flatMap(({ quality }) => quality.refusedConnections);
  const groups = Map.groupBy(refusals, ({ host, port, reason }) => JSON.stringify([host, port, reason]));
  return [...groups.values()].flatMap(([first, ...more]) =>
    first ? [{ ...first, count: first.count + sum(more.map(({ count }) => count)) }] : [],
  );
}

function mergeQuality(
  parts: readonly SiteObservation[],
  cookies: readonly CookieObservation[],
): SiteObservation['quality'] {
  const all = parts.map(({ quality }) => quality);
  const [first] = all;
  if (!first) throw new Error('a scan has at least one profile');
  const unattributed = cookies.filter(({ setBy }) => setBy.kind === 'unknown').length;
  return {
    thirdPartyCookies: first.thirdPartyCookies,
    timedOut: all.some(({ timedOut }) => timedOut),
    botWall: all.find(({ botWall }) => botWall !== null)?.botWall ?? null,
    targetsNotAttached: all.flatMap(({ targetsNotAttached }) => targetsNotAttached),
    unattributedShare: cookies.length === 0 ? 0 : unattributed / cookies.length,
    pageLifeMs: Math.max(...all.map(({ pageLifeMs }) => pageLifeMs)),
    clocksNotAdvanced: all.flatMap(({ clocksNotAdvanced }) => clocksNotAdvanced),
    browserIdentity: first.browserIdentity,
    sandboxed: first.sandboxed,
    inNetworkNamespace: first.inNetworkNamespace,
    refusedConnections: mergeRefusals(parts),
    truncated: worstOfEach(all.flatMap(({ truncated }) => truncated)),
    notes: [...new Set(all.flatMap(({ notes }) => notes))],
  };
}

function unique<T>(items: readonly T[], keyOf: (item: T) => readonly string[]): T[] {
  const byKey = new Map<string, T>();
  for (const item of items) {
    const key = JSON.stringify(keyOf(item));
    if (!byKey.has(key)) byKey.set(key, item);
  }
  return [...byKey.values()];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

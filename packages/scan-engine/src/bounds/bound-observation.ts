import type { CookieObservation, SiteObservation } from '@cookie-scanner/contracts';

type Truncation = SiteObservation['quality']['truncated'][number];

/** Entries of each list that an observation keeps; no site has so many for an honest reason. */
const ENTRIES_MAX = {
  cookies: 5_000,
  transientCookies: 2_000,
  blockedCookies: 2_000,
  storage: 10_000,
} as const;
const REFUSED_CONNECTIONS_MAX = 1_000;
/** Events of one cookie; a page can write the same one without end. */
const EVENTS_MAX = 200;
/** Characters of a name or key. A browser takes no cookie whose name and value are longer, but a page may try. */
const NAME_LENGTH_MAX = 4_096;

/**
 * Keeps an observation to a size that can be stored and shown, whatever the site did. What was cut is named in
 * `quality.truncated`, with how much there was.
 */
export function boundObservation(observation: SiteObservation): SiteObservation {
  const truncated: Truncation[] = [...observation.quality.truncated];
  const cut = <T>(list: string, entries: readonly T[], keptMax: number): T[] => {
    if (entries.length > keptMax) truncated.push({ list, kept: keptMax, total: entries.length });
    return entries.slice(0, keptMax);
  };
  const cookiesOf = (list: 'cookies' | 'transientCookies'): CookieObservation[] =>
    cut(list, observation[list], ENTRIES_MAX[list]).map((cookie) => ({
      ...cookie,
      name: shortened(cookie.name),
      events: cut(`${list}.events`, cookie.events, EVENTS_MAX),
    }));
  const { quality } = observation;
  return {
    ...observation,
    cookies: cookiesOf('cookies'),
    transientCookies: cookiesOf('transientCookies'),
    blockedCookies: cut('blockedCookies', observation.blockedCookies, ENTRIES_MAX.blockedCookies).map(
      (cookie) => ({ ...cookie, name: shortened(cookie.name) }),
    ),
    storage: cut('storage', observation.storage, ENTRIES_MAX.storage).map((item) => ({
      ...item,
      key: shortened(item.key),
    })),
    quality: {
      ...quality,
      refusedConnections: cut('refusedConnections', quality.refusedConnections, REFUSED_CONNECTIONS_MAX),
      truncated: worstOfEach(truncated),
    },
  };
}

function shortened(name: string): string {
  return name.length > NAME_LENGTH_MAX ? `${name.slice(0, NAME_LENGTH_MAX)}…` : name;
}

/** One entry for each list, the one with most to cut: many cookies, or several profiles, may each have had too much. */
export function worstOfEach(truncated: readonly Truncation[]): Truncation[] {
  const largest = new Map<string, Truncation>();
  for (const entry of truncated) {
    const known = largest.get(entry.list);
    if (!known || known.total < entry.total) largest.set(entry.list, entry);
  }
  return [...largest.values()];
}

import { describe, expect, it } from '@jest/globals';
import type { ObservationSummary } from './observation-summary.ts';
import { summariseObservation } from './summarise-observation.ts';
import { savedObservation, type SavedObservation } from './testing/saved-observations.ts';

const names: SavedObservation[] = ['shop', 'deadline', 'botWall', 'unreachable', 'quiet', 'hostile'];

/** JSON, because it writes control characters visibly; what the observation says itself is reduced to names. */
function asGolden(summary: ObservationSummary): string {
  return JSON.stringify(
    summary,
    (key, value: unknown) =>
      key === 'cookie' || key === 'storage' || key === 'blocked' ? nameOf(value) : value,
    2,
  );
}

function nameOf(value: unknown): unknown {
  if (Array.isArray(value)) return value;
  const { name, key, domain, origin } = value as Record<string, unknown>;
  return [name ?? key, domain ?? origin];
}

describe('summariseObservation', () => {
  // Golden files: a changed snapshot is a changed report and is reviewed as one.
  it.each(names)('says about the saved observation "%s" what it said before', (name) => {
    expect(asGolden(summariseObservation(savedObservation(name)))).toMatchSnapshot();
  });

  it.each(names)('leaves the observation "%s" as it was', (name) => {
    const observation = savedObservation(name);
    summariseObservation(observation);
    expect(observation).toEqual(savedObservation(name));
  });

  it('does not depend on the order in which things were seen', () => {
    const observation = savedObservation('shop');
    const reversed = {
      ...observation,
      cookies: observation.cookies.toReversed(),
      storage: observation.storage.toReversed(),
      blockedCookies: observation.blockedCookies.toReversed(),
      requests: { ...observation.requests, hosts: observation.requests.hosts.toReversed() },
    };
    expect(summariseObservation(reversed)).toEqual(summariseObservation(observation));
  });

  it('counts every cookie of the jar once, by party, by life and by the way it was set', () => {
    const { counts, cookiesBySetterKind } = summariseObservation(savedObservation('shop'));
    expect(counts.firstPartyCookies + counts.thirdPartyCookies).toBe(counts.cookies);
    expect(counts.sessionCookies + counts.persistentCookies).toBe(counts.cookies);
    expect(Object.values(cookiesBySetterKind).reduce((sum, count) => sum + count)).toBe(counts.cookies);
  });

  it('tells a cookie of the site that another site’s script set from one that the site set itself', () => {
    const { setters } = summariseObservation(savedObservation('shop'));
    expect(setters).toContainEqual({
      site: 'visitcount.example',
      party: 'third',
      cookies: 2,
      firstPartyCookies: 2,
    });
    expect(setters.at(-1)).toMatchObject({ site: null, party: 'unknown' });
  });

  it('survives being written to JSON and read again', () => {
    const summary = summariseObservation(savedObservation('hostile'));
    expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
  });
});

import { describe, expect, it } from '@jest/globals';
import { generateOrdinarySites } from './ordinary/generate-ordinary-sites.ts';
import { SITES } from './site-catalog.ts';
import type { Site } from './site.ts';
import { LIFETIME_SECONDS_MAX } from './truth-builders.ts';
import type { CookieTruth } from './truth.ts';

const sites: readonly Site[] = [...SITES, ...generateOrdinarySites(30, 7)];

function everyCookie({ truth }: Site): CookieTruth[] {
  return [truth, truth.afterAccept, truth.afterReject].flatMap((state) => state?.cookies ?? []);
}

describe.each(sites.map((site) => [site.name, site] as const))('truth of %s', (_name, site) => {
  it('names every cookie once', () => {
    const identities = site.truth.cookies.map(({ name, domain, path, partitionKey }) =>
      JSON.stringify([name, domain, path, partitionKey]),
    );
    expect(new Set(identities).size).toBe(identities.length);
  });

  it('agrees with itself about domains, lifetimes and what browsers demand', () => {
    for (const cookie of everyCookie(site)) {
      expect(cookie.hostOnly).toBe(!cookie.domain.startsWith('.'));
      expect(cookie.path).toMatch(/^\//);
      expect(cookie.lifetimeSeconds ?? 1).toBeGreaterThan(0);
      expect(cookie.lifetimeSeconds ?? 1).toBeLessThanOrEqual(LIFETIME_SECONDS_MAX);
      expect(cookie.declaredLifetimeSeconds === null).toBe(cookie.lifetimeSeconds === null);
      if (cookie.sameSite === 'None' || cookie.partitionKey !== null) expect(cookie.secure).toBe(true);
      if (cookie.name.startsWith('__Host-'))
        expect([cookie.secure, cookie.hostOnly, cookie.path]).toEqual([true, true, '/']);
      if (cookie.setBy.kind !== 'http') expect(cookie.httpOnly).toBe(false);
    }
  });

  it('calls the start site of the final page first party and every other site third party', () => {
    const [finalUrl] = site.truth.outcome.finalUrls;
    if (typeof finalUrl !== 'string') return;
    const finalSite = siteOf(new URL(finalUrl).hostname);
    for (const cookie of everyCookie(site)) {
      expect([cookie.name, cookie.party]).toEqual([
        cookie.name,
        siteOf(cookie.domain.replace(/^\./, '')) === finalSite ? 'first' : 'third',
      ]);
    }
  });

  it('never both keeps a cookie and calls it refused', () => {
    const kept = new Set(site.truth.cookies.map(({ name }) => name));
    expect(site.truth.blockedCookies.filter(({ name }) => kept.has(name))).toEqual([]);
  });
});

/** Registrable domain, for the suffixes that the test web uses. */
function siteOf(host: string): string {
  const labels = host.split('.');
  return labels.slice(/\.(co\.uk|github\.io)$/.test(host) ? -3 : -2).join('.');
}

describe('generateOrdinarySites', () => {
  it('makes the same sites from the same seed and others from another', () => {
    const truths = (seed: number): string =>
      JSON.stringify(generateOrdinarySites(5, seed).map(({ truth }) => truth));
    expect(truths(1)).toBe(truths(1));
    expect(truths(1)).not.toBe(truths(2));
  });

  it('gives every site 12 to 40 resources and some third-party cookies', () => {
    for (const site of generateOrdinarySites(50, 3)) {
      const resourceCount = Object.keys(site.routes).length - 1;
      expect(resourceCount).toBeGreaterThanOrEqual(12);
      expect(resourceCount).toBeLessThanOrEqual(40);
      expect(site.truth.cookies.some(({ party }) => party === 'third')).toBe(true);
    }
  });
});

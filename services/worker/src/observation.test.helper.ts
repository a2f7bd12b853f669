import type { CookieObservation, SiteObservation } from '@cookie-scanner/contracts';
import { sampleCookie, sampleObservation, samplePage } from '@cookie-scanner/contracts/testing';

/** A cookie as an engine reports it. */
export function observedCookie(overrides: Partial<CookieObservation> = {}): CookieObservation {
  const url = 'https://site.test/';
  return sampleCookie({
    name: 'sid',
    value: 'secret-value',
    valueHash: null,
    valueShape: { kind: 'word', length: 12, entropyBits: 36 },
    domain: 'site.test',
    sizeBytes: 15,
    pages: [url],
    setBy: { kind: 'http', url, initiators: [], confidence: 'observed' },
    events: [{ atMs: 12, action: 'set', kind: 'http', url }],
    ...overrides,
  });
}

/** What an engine reports of a site. */
export function observedSite(overrides: Partial<SiteObservation> = {}): SiteObservation {
  const url = 'https://site.test/';
  return sampleObservation([observedCookie()], {
    requestedUrl: url,
    finalUrl: url,
    durationMs: 1_234,
    pages: [samplePage({ url, title: null })],
    requests: { total: 3, thirdParty: 1, hosts: ['site.test', 'cdn.test'] },
    ...overrides,
  });
}

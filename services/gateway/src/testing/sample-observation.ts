import {
  siteObservationSchema,
  type CookieObservation,
  type ScanTotals,
  type SiteObservation,
} from '@cookie-scanner/contracts';

/** A small observation with cookies of these names. */
export function sampleObservation(names: readonly string[]): SiteObservation {
  return siteObservationSchema.parse({
    version: 1,
    requestedUrl: 'https://shop.example/',
    finalUrl: 'https://shop.example/',
    status: 'success',
    statusReason: null,
    startedAt: '2026-11-22T10:00:00.000Z',
    durationMs: 900,
    engine: { version: '1', browser: 'Chromium' },
    pages: [],
    cookies: names.map(sampleCookie),
    transientCookies: [],
    blockedCookies: [],
    storage: [],
    requests: { total: 1, thirdParty: 0, hosts: ['shop.example'] },
    hosts: [],
    consent: {},
    fingerprinting: [],
    visitor: null,
    quality: {
      thirdPartyCookies: 'allowed',
      timedOut: false,
      botWall: null,
      targetsNotAttached: [],
      unattributedShare: 0,
      pageLifeMs: 30_000,
      clocksNotAdvanced: [],
      browserIdentity: 'visitor',
      sandboxed: true,
      refusedConnections: [],
      notes: [],
    },
  });
}

/** Totals that go with `sampleObservation` of so many cookies. */
export function sampleTotals(cookies: number): ScanTotals {
  return {
    cookies,
    firstPartyCookies: cookies,
    thirdPartyCookies: 0,
    transientCookies: 0,
    blockedCookies: 0,
    storageItems: 0,
    requests: 1,
    thirdPartyRequests: 0,
    hosts: 1,
    pages: 1,
  };
}

function sampleCookie(name: string): CookieObservation {
  return {
    name,
    value: null,
    valueHash: 'ab12'.repeat(16),
    valueShape: null,
    domain: 'shop.example',
    hostOnly: true,
    path: '/',
    httpOnly: false,
    secure: true,
    sameSite: 'Lax',
    expiresAt: null,
    session: true,
    partitionKey: null,
    sizeBytes: 10,
    party: 'first',
    consentStates: ['untouched'],
    pages: ['https://shop.example/'],
    setBy: { kind: 'http', url: 'https://shop.example/', initiators: [], confidence: 'observed' },
    events: [],
    declaredLifetimeSeconds: null,
  };
}

import {
  siteObservationSchema,
  type CookieObservation,
  type SiteObservation,
} from '@cookie-scanner/contracts';

/** A cookie as an engine reports it. */
export function observedCookie(overrides: Partial<CookieObservation> = {}): CookieObservation {
  return {
    name: 'sid',
    value: 'secret-value',
    valueHash: null,
    valueShape: { kind: 'word', length: 12, entropyBits: 36 },
    domain: 'site.test',
    hostOnly: true,
    path: '/',
    httpOnly: true,
    secure: true,
    sameSite: 'Lax',
    expiresAt: null,
    session: true,
    partitionKey: null,
    sizeBytes: 15,
    party: 'first',
    consentStates: ['untouched'],
    pages: ['https://site.test/'],
    setBy: { kind: 'http', url: 'https://site.test/', initiators: [], confidence: 'observed' },
    events: [{ atMs: 12, action: 'set', kind: 'http', url: 'https://site.test/' }],
    declaredLifetimeSeconds: null,
    ...overrides,
  };
}

/** What an engine reports of a site. */
export function observedSite(overrides: Partial<SiteObservation> = {}): SiteObservation {
  return siteObservationSchema.parse({
    version: 1,
    requestedUrl: 'https://site.test/',
    finalUrl: 'https://site.test/',
    status: 'success',
    statusReason: null,
    startedAt: '2026-11-22T10:00:00.000Z',
    durationMs: 1_234,
    engine: { version: '0.1.0', browser: 'Chrome/156.0' },
    pages: [
      {
        url: 'https://site.test/',
        httpStatus: 200,
        status: 'success',
        statusReason: null,
        title: null,
        redirects: [],
      },
    ],
    cookies: [observedCookie()],
    transientCookies: [],
    blockedCookies: [],
    storage: [],
    requests: { total: 3, thirdParty: 1, hosts: ['site.test', 'cdn.test'] },
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
    ...overrides,
  });
}

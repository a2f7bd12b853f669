import {
  cookieObservationSchema,
  pageObservationSchema,
  siteObservationSchema,
  type CookieObservation,
  type PageObservation,
  type SiteObservation,
} from '../observation.ts';
import type { ScanTotals } from '../scan-api.ts';

const SITE = 'https://shop.example/';

/** An ordinary first-party session cookie, changed as a test needs it. Whatever has a default takes it. */
export function sampleCookie(change: Partial<CookieObservation> = {}): CookieObservation {
  return cookieObservationSchema.parse({
    name: 'session',
    value: 'secret',
    valueHash: 'ab'.repeat(32),
    valueShape: null,
    domain: 'shop.example',
    hostOnly: true,
    path: '/',
    httpOnly: true,
    secure: true,
    sameSite: 'Lax',
    expiresAt: null,
    session: true,
    partitionKey: null,
    sizeBytes: 13,
    party: 'first',
    consentStates: ['untouched'],
    pages: [SITE],
    setBy: { kind: 'http', url: SITE, initiators: [], confidence: 'observed' },
    events: [{ atMs: 12, action: 'set', kind: 'http', url: SITE }],
    ...change,
  });
}

/** A page that was shown with 200, changed as a test needs it. */
export function samplePage(change: Partial<PageObservation> = {}): PageObservation {
  return pageObservationSchema.parse({
    url: SITE,
    httpStatus: 200,
    status: 'success',
    title: 'Shop',
    ...change,
  });
}

/** What a successful scan of one page saw, with these cookies, changed as a test needs it. */
export function sampleObservation(
  cookies: readonly CookieObservation[] = [],
  change: Partial<SiteObservation> = {},
): SiteObservation {
  return siteObservationSchema.parse({
    version: 1,
    requestedUrl: SITE,
    finalUrl: SITE,
    status: 'success',
    statusReason: null,
    startedAt: '2026-11-22T09:00:00.000Z',
    durationMs: 1_234.5,
    engine: { version: '0.1.0', browser: 'Chrome/156.0.0.0' },
    pages: [],
    cookies,
    transientCookies: [],
    blockedCookies: [],
    storage: [],
    requests: { total: 1, thirdParty: 0, hosts: ['shop.example'] },
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
      browserIdentity: 'visitor',
      sandboxed: true,
      inNetworkNamespace: true,
      truncated: [],
      refusedConnections: [],
    },
    ...change,
  });
}

/** Totals of a scan with this many cookies and nothing else. */
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

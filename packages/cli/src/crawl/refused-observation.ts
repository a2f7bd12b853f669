import { siteObservationSchema, type SiteObservation } from '@cookie-scanner/contracts';

interface RefusedFacts {
  readonly requestedUrl: string;
  /** Machine-readable. */
  readonly reason: string;
  /** Why, in plain words. */
  readonly note: string;
  readonly at: Date;
  readonly engine: SiteObservation['engine'];
  readonly identity: SiteObservation['quality']['browserIdentity'];
}

/** The result of a URL that never reached a browser: nothing was seen, and it says why. */
export function refusedObservation({
  requestedUrl,
  reason,
  note,
  at,
  engine,
  identity,
}: RefusedFacts): SiteObservation {
  return siteObservationSchema.parse({
    version: 1,
    requestedUrl,
    finalUrl: null,
    status: 'failed',
    statusReason: reason,
    startedAt: at.toISOString(),
    durationMs: 0,
    engine,
    pages: [],
    cookies: [],
    transientCookies: [],
    blockedCookies: [],
    storage: [],
    requests: { total: 0, thirdParty: 0, hosts: [] },
    hosts: [],
    consent: {},
    fingerprinting: [],
    visitor: null,
    quality: {
      thirdPartyCookies: 'untested',
      timedOut: false,
      botWall: null,
      targetsNotAttached: [],
      unattributedShare: 0,
      pageLifeMs: 0,
      clocksNotAdvanced: [],
      browserIdentity: identity,
      sandboxed: true,
      inNetworkNamespace: false,
      truncated: [],
      refusedConnections: [],
      notes: [note],
    },
  });
}

import type {
  AccessObservation,
  CookieObservation,
  SiteAccess,
  SiteObservation,
} from '@cookie-scanner/contracts';
import { cookieKey, jarKey } from '../collectors/cookie-jar.ts';
import type { SiteEntry } from './enter-site.ts';

interface AccessFacts {
  readonly access: SiteAccess;
  readonly entry: SiteEntry;
  readonly httpAuthentication: AccessObservation['httpAuthentication'];
  /** Where the access did not reach, in plain words. */
  readonly notes: readonly string[];
}

/**
 * Says in an observation how the site was entered: which cookies were brought along and left as they were, and which
 * came only after the login.
 */
export function withAccess(
  observation: SiteObservation,
  { access, entry, httpAuthentication, notes }: AccessFacts,
): SiteObservation {
  const mark = (cookie: CookieObservation): CookieObservation => ({
    ...cookie,
    ...(isBrought(cookie, entry) ? { setBy: BROUGHT } : {}),
    authenticated: cameAfterLogin(cookie, entry),
  });
  const cookies = observation.cookies.map(mark);
  const own = cookies.filter(({ setBy }) => setBy.kind !== 'preset');
  const unattributed = own.filter(({ setBy }) => setBy.kind === 'unknown').length;
  return {
    ...observation,
    cookies,
    transientCookies: observation.transientCookies.map((cookie) => ({
      ...cookie,
      authenticated: cameAfterLogin(cookie, entry),
    })),
    access: {
      headers: access.headers.map(({ name }) => name),
      presetCookies: entry.brought.map(({ name, domain, inJar }) => ({
        name,
        domain,
        taken: inJar !== null,
      })),
      httpAuthentication,
      login: entry.login && {
        status: entry.login.status,
        failedStep: entry.login.failedStep,
        reason: entry.login.reason,
      },
    },
    quality: {
      ...observation.quality,
      unattributedShare: own.length === 0 ? 0 : unattributed / own.length,
      notes: [...observation.quality.notes, ...notesOn(entry), ...notes],
    },
  };
}

const BROUGHT: CookieObservation['setBy'] = {
  kind: 'preset',
  url: null,
  initiators: [],
  confidence: 'observed',
};

/** A cookie that somebody has set since is the work of whoever did; of one for HTTP alone no script can be it. */
function isBrought(cookie: CookieObservation, { brought }: SiteEntry): boolean {
  const wasSet = cookie.events.some(({ kind }) => kind === 'http' || !cookie.httpOnly);
  if (wasSet) return false;
  return brought.some(
    ({ inJar }) => inJar !== null && jarKey(inJar) === keyOf(cookie) && inJar.value === cookie.value,
  );
}

function cameAfterLogin(cookie: CookieObservation, { login }: SiteEntry): boolean {
  if (login?.status !== 'succeeded' || login.credentialsGivenAtMs === null) return false;
  const setAtMs = cookie.events.findLast(({ action }) => action === 'set')?.atMs;
  if (setAtMs !== undefined) return setAtMs >= Math.floor(login.credentialsGivenAtMs);
  return !login.jarBefore.some((held) => jarKey(held) === keyOf(cookie));
}

function keyOf({ name, domain, path, partitionKey }: CookieObservation): string {
  return cookieKey(name, domain, path, partitionKey !== null);
}

function notesOn({ brought, login }: SiteEntry): string[] {
  const refused = brought.filter(({ inJar }) => inJar === null);
  return [
    ...refused.map(
      ({ name, domain }) =>
        `The browser did not take the cookie ${name} of ${domain} that was to be brought along.`,
    ),
    ...(login?.status === 'failed'
      ? [
          `The login failed at step ${login.failedStep} (${login.reason}), so the site behind it was not visited.`,
        ]
      : []),
  ];
}

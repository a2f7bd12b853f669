import type {
  BlockedCookieTruth,
  CookieTruth,
  OutcomeTruth,
  SetterTruth,
  SiteTruth,
  StorageTruth,
  TransientCookieTruth,
  UrlTruth,
} from './truth.ts';

/** Seconds in one day. */
export const DAY_SECONDS = 86_400;

/**
 * Longest life that Chromium gives a cookie, in seconds.
 *
 * @see https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-5.5
 */
export const LIFETIME_SECONDS_MAX = 400 * DAY_SECONDS;

/** A response to `url` sets it. */
export function byHttp(url: UrlTruth, initiators: readonly UrlTruth[] = []): SetterTruth {
  return { kind: 'http', url, initiators };
}

/** The script at `url` sets it through `document.cookie` or Web Storage. */
export function byScript(url: UrlTruth, initiators: readonly UrlTruth[] = []): SetterTruth {
  return { kind: 'javascript', url, initiators };
}

/** The script at `url` sets it through the Cookie Store API. */
export function byCookieStore(url: UrlTruth, initiators: readonly UrlTruth[] = []): SetterTruth {
  return { kind: 'cookie-store', url, initiators };
}

type CookieFields = Partial<CookieTruth> & Pick<CookieTruth, 'name' | 'value' | 'domain' | 'setBy'>;

/**
 * A cookie truth from what is special about it. The rest is what Chromium makes of a bare `name=value`: path `/`,
 * no flags, session, unpartitioned, first party, seen by a mere load; `hostOnly` follows from the domain's dot.
 */
export function cookie(fields: CookieFields): CookieTruth {
  return {
    hostOnly: !fields.domain.startsWith('.'),
    path: '/',
    httpOnly: false,
    secure: false,
    sameSite: 'unset',
    lifetimeSeconds: null,
    declaredLifetimeSeconds: fields.lifetimeSeconds ?? null,
    partitionKey: null,
    party: 'first',
    ratherNeeds: [],
    ...fields,
  };
}

/** A third-party cookie: like {@link cookie}, but `SameSite=None; Secure`, without which Chromium refuses it. */
export function thirdPartyCookie(fields: CookieFields): CookieTruth {
  return cookie({ party: 'third', sameSite: 'None', secure: true, ...fields });
}

/** A refused cookie that Chromium announces with one of `reasons`. */
export function blocked(name: string, url: UrlTruth, ...reasons: string[]): BlockedCookieTruth {
  return { name, url, reasons, announced: true };
}

/** A cookie that comes and goes, by the same hand. */
export function transientCookie(
  name: string | RegExp,
  domain: string,
  setBy: SetterTruth,
): TransientCookieTruth {
  return { name, domain, path: '/', setBy, deletedBy: setBy.kind };
}

/** Storage entries of one kind and origin, which are there in every visit unless `more` says otherwise. */
export function storage(
  kind: StorageTruth['kind'],
  origin: string,
  keys: readonly (string | RegExp)[],
  more: Partial<StorageTruth> = {},
): StorageTruth[] {
  return keys.map((key) => ({ kind, origin, key, setBy: null, required: true, ratherNeeds: [], ...more }));
}

/** An outcome that is not simply a page shown with 200. */
export function outcome(
  statuses: OutcomeTruth['statuses'],
  finalUrls: OutcomeTruth['finalUrls'],
  httpStatuses: OutcomeTruth['httpStatuses'],
): OutcomeTruth {
  return { statuses, finalUrls, httpStatuses };
}

/** A truth from what the site does. The rest is nothing: the page is shown with 200 and stores nothing. */
export function truth(finalUrl: UrlTruth, fields: Partial<SiteTruth> = {}): SiteTruth {
  return {
    outcome: outcome(['success'], [finalUrl], [200]),
    cookies: [],
    transientCookies: [],
    blockedCookies: [],
    storage: [],
    aliasedHosts: [],
    fingerprinters: [],
    transfers: null,
    afterAccept: null,
    afterReject: null,
    ...fields,
  };
}

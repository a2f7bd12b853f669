import type { CookieObservation } from '@cookie-scanner/contracts';

/** One property of a cookie that the browser enforces. */
export interface CookieFlag {
  /** As engineers know it. */
  readonly label: string;
  /** What it means, for everybody else. */
  readonly meaning: string;
}

const SAME_SITE: Record<CookieObservation['sameSite'], CookieFlag> = {
  Strict: { label: 'SameSite=Strict', meaning: 'never sent on requests that another site started' },
  Lax: { label: 'SameSite=Lax', meaning: 'from another site, sent only when the visitor follows a link' },
  None: { label: 'SameSite=None', meaning: 'also sent on requests that other sites make' },
  unset: {
    label: 'SameSite not set',
    meaning: 'the setter did not choose; browsers differ in what they do then',
  },
};

/**
 * What a cookie's attributes say, in a fixed order. What is absent is not listed, except SameSite, whose absence
 * has a meaning of its own.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6265#section-5.2
 */
export function cookieFlags(cookie: CookieObservation): CookieFlag[] {
  const flags: CookieFlag[] = [];
  if (cookie.secure) flags.push({ label: 'Secure', meaning: 'sent over HTTPS only' });
  if (cookie.httpOnly) flags.push({ label: 'HttpOnly', meaning: 'scripts of the page cannot read it' });
  flags.push(SAME_SITE[cookie.sameSite]);
  if (cookie.partitionKey !== null) {
    flags.push({ label: 'Partitioned', meaning: 'kept apart for each site that embeds its owner' });
  }
  if (cookie.hostOnly) flags.push({ label: 'Host only', meaning: 'not sent to subdomains' });
  return flags;
}

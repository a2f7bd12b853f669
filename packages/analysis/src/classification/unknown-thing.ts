import type { CookieObservation, CookieQuestion, FilterRule, ValueShape } from '@cookie-scanner/contracts';

/** A cookie or a storage item as it is judged: everything about it that says what it may be for. */
export interface UnknownThing extends CookieQuestion {
  readonly party: CookieObservation['party'];
  /** Host of the request or script that set it, and what that host is an alias of. */
  readonly nearestHosts: readonly string[];
  /** Days; 0 for the length of a browser session, null where nobody knows or it has no end. */
  readonly lifetimeDays: number | null;
  /** Null for what is no cookie. */
  readonly flags: Pick<CookieObservation, 'httpOnly' | 'secure' | 'sameSite' | 'partitionKey'> | null;
  readonly valueShape: ValueShape | null;
  readonly filterRules: readonly FilterRule[];
}

import type {
  BlockedCookie,
  CookieObservation,
  Outcome,
  PageObservation,
  StorageObservation,
} from '@cookie-scanner/contracts';
import type { CookieFlag } from './cookie-flags.ts';
import type { CookieLifetime } from './cookie-lifetime.ts';
import type { QualityWarning } from './quality-warnings.ts';
import type { SetterChain } from './setter-chain.ts';

/** Numbers of one observation. Every cookie counts once, by name, domain, path and partition. */
export interface SummaryCounts {
  readonly cookies: number;
  readonly firstPartyCookies: number;
  readonly thirdPartyCookies: number;
  readonly sessionCookies: number;
  readonly persistentCookies: number;
  /** Cookies in the jar that nobody was seen setting. */
  readonly unattributedCookies: number;
  readonly transientCookies: number;
  readonly blockedCookies: number;
  readonly storageItems: number;
  readonly requests: number;
  readonly thirdPartyRequests: number;
  readonly thirdPartyHosts: number;
  readonly pages: number;
}

/** One cookie with what a reader wants to know about it worked out. */
export interface CookieSummary {
  readonly cookie: CookieObservation;
  readonly lifetime: CookieLifetime | null;
  readonly flags: readonly CookieFlag[];
  readonly chain: SetterChain;
}

/** A site that set cookies, be it in its own name or in another's. */
export interface SetterSummary {
  /** Registrable domain of the requests or scripts that did it; null for cookies whose setter was not seen. */
  readonly site: string | null;
  readonly party: 'first' | 'third' | 'unknown';
  readonly cookies: number;
  /** How many of them belong to the visited site. */
  readonly firstPartyCookies: number;
}

/** A host of another site that was contacted. */
export interface ThirdPartyHost {
  /** With its port where that is not the scheme's own. */
  readonly host: string;
  readonly site: string;
  /** Cookies in the jar that a response or a script of this host set. */
  readonly cookiesSet: number;
}

/** A cookie that the browser refused, with its reasons in words. */
export interface BlockedCookieSummary {
  readonly blocked: BlockedCookie;
  readonly reasons: readonly string[];
}

/** One entry of storage other than cookies. */
export interface StorageSummary {
  readonly storage: StorageObservation;
  readonly kindText: string;
  readonly party: 'first' | 'third';
  readonly chain: SetterChain;
}

/** What a report says about one observation: worked out once, shown by every format. Facts only, no verdicts. */
export interface ObservationSummary {
  readonly headline: string;
  readonly status: Outcome;
  /** Why, in words; null for a success. */
  readonly reason: string | null;
  /** Host that the scan is about, or the text that was asked for when that names no host. */
  readonly site: string;
  /** The host in the letters that people type; null where that is the same. */
  readonly siteUnicode: string | null;
  readonly counts: SummaryCounts;
  /** Cookies in the jar by the way they were set. */
  readonly cookiesBySetterKind: Readonly<Record<CookieObservation['setBy']['kind'], number>>;
  /** The cookie that stays longest; null when there are none but session cookies. */
  readonly longestLifetime: CookieLifetime | null;
  /** First-party before third-party, then by domain, name and path. */
  readonly cookies: readonly CookieSummary[];
  readonly transientCookies: readonly CookieSummary[];
  readonly blockedCookies: readonly BlockedCookieSummary[];
  /** Most cookies first. */
  readonly setters: readonly SetterSummary[];
  readonly thirdPartyHosts: readonly ThirdPartyHost[];
  readonly storage: readonly StorageSummary[];
  readonly pages: readonly (PageObservation & { readonly reason: string | null })[];
  readonly qualityWarnings: readonly QualityWarning[];
}

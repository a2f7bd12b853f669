/** What a scan must do to see something that a mere load does not show. */
export type RatherNeeds =
  /** Page life beyond `load`, on the page's clock; up to 25 s. */
  | 'late-timer'
  /** Scrolling, moving the mouse, pressing a key. */
  | 'interaction'
  /** Leaving the page. */
  | 'leave'
  /** Answering a consent banner. */
  | 'consent'
  /** Following windows that the page opens. */
  | 'popup'
  /** Following dedicated, shared and service workers. */
  | 'worker'
  /** Following frames of other sites, which Chromium runs in other processes. */
  | 'cross-site-frame'
  /** Surviving a page or a server that misbehaves. */
  | 'robustness';

/** An address in a truth: exactly this text, or any text the expression matches. */
export type UrlTruth = string | RegExp;

/** Who sets a cookie or a storage entry. */
export interface SetterTruth {
  readonly kind: 'http' | 'javascript' | 'cookie-store';
  /** Request whose response sets it, or script whose code does (the document for an inline script). */
  readonly url: UrlTruth;
  /** Addresses that must be in the chain that brought the request or script in; order is not part of the truth. */
  readonly initiators: readonly UrlTruth[];
}

/** One cookie that is in the jar when everything it needs has happened. */
export interface CookieTruth {
  readonly name: string;
  /** Exact value, or a pattern where it varies from visit to visit. */
  readonly value: string | RegExp;
  /** With a leading dot unless `hostOnly`. */
  readonly domain: string;
  readonly hostOnly: boolean;
  readonly path: string;
  readonly httpOnly: boolean;
  readonly secure: boolean;
  readonly sameSite: 'Strict' | 'Lax' | 'None' | 'unset';
  /** Seconds of life from the moment it is set, as Chromium keeps it (at most 400 days); null for a session cookie. */
  readonly lifetimeSeconds: number | null;
  /** Seconds of life that the setter asks for; null for a session cookie. */
  readonly declaredLifetimeSeconds: number | null;
  /** Top-level site as Chromium reports it, such as `https://shop.test`; null for an ordinary cookie. */
  readonly partitionKey: string | null;
  /** Against the registrable domain of the page that is finally shown. */
  readonly party: 'first' | 'third';
  readonly setBy: SetterTruth;
  /** Empty when loading the page is enough. */
  readonly ratherNeeds: readonly RatherNeeds[];
}

/** A cookie that is set and gone again before the page is at rest. */
export interface TransientCookieTruth {
  readonly name: string | RegExp;
  readonly domain: string;
  readonly path: string;
  readonly setBy: SetterTruth;
  /** How it goes: by a response, or by which kind of script call. */
  readonly deletedBy: SetterTruth['kind'];
}

/** A cookie that somebody tries to set and Chromium refuses. */
export interface BlockedCookieTruth {
  readonly name: string;
  /** Request whose response tries to set it. */
  readonly url: UrlTruth;
  /** Chromium's words (`Network.SetCookieBlockedReason`); at least one of them must be reported. */
  readonly reasons: readonly string[];
  /** False where Chromium drops the cookie without a word to DevTools; then a report of it is welcome, not required. */
  readonly announced: boolean;
}

/** One entry of client-side storage. */
export interface StorageTruth {
  readonly kind: 'local' | 'session' | 'indexeddb' | 'cache' | 'shared' | 'bucket' | 'opfs';
  readonly origin: string;
  /** Key of Web Storage and Shared Storage; name of the database, cache, bucket or file otherwise. */
  readonly key: string | RegExp;
  /** Script that makes it, and what brought that in; null where nobody has looked. */
  readonly setBy: SetterTruth | null;
  /** False for an entry that is not there at every moment of every visit, such as a queue of unsent events. */
  readonly required: boolean;
  readonly ratherNeeds: readonly RatherNeeds[];
}

/** What is special about one host. */
export interface HostTruth {
  readonly host: string;
  readonly party: 'first' | 'third';
  /** Names it is an alias of, in order. */
  readonly cnames: readonly string[];
}

/** An identifier that goes to another site. */
export interface TransferTruth {
  readonly fromHost: string;
  readonly toHost: string;
  readonly carriedBy: 'redirect' | 'query' | 'path' | 'body' | 'referer' | 'websocket';
  readonly encoding: 'plain' | 'sha256' | 'base64';
  readonly fromCookie: string | null;
  readonly toCookie: string | null;
}

/** How a scan of the site ends; of each list, any entry is right. */
export interface OutcomeTruth {
  readonly statuses: readonly ('success' | 'partial' | 'blocked' | 'failed')[];
  /** Address that is finally shown; null when no page is. */
  readonly finalUrls: readonly (UrlTruth | null)[];
  /** Status of the main document's last response; null when none comes. */
  readonly httpStatuses: readonly (number | null)[];
}

/** What the jar and the storage hold, in addition to what is there untouched or instead of it. */
export interface AfterChoiceTruth {
  readonly cookies: readonly CookieTruth[];
  readonly storage: readonly StorageTruth[];
  /** CSS selector of the control that makes the choice. */
  readonly selector: string;
}

/** Everything that a complete scan of one site reports, and nothing else. */
export interface SiteTruth {
  readonly outcome: OutcomeTruth;
  /** What is in the jar when the banner, if there is one, is left untouched. */
  readonly cookies: readonly CookieTruth[];
  readonly transientCookies: readonly TransientCookieTruth[];
  readonly blockedCookies: readonly BlockedCookieTruth[];
  readonly storage: readonly StorageTruth[];
  /** Hosts that are aliases; every other host of the site is none. */
  readonly aliasedHosts: readonly HostTruth[];
  /** Scripts that fingerprint; every other script of the site does not. */
  readonly fingerprinters: readonly UrlTruth[];
  /** Identifiers that other sites get, and no others; null where nobody has looked. */
  readonly transfers: readonly TransferTruth[] | null;
  /** Null for a site without a banner. These are all cookies and entries after the choice, in a clean profile. */
  readonly afterAccept: AfterChoiceTruth | null;
  readonly afterReject: AfterChoiceTruth | null;
}

/** What a scan of more pages than the first one finds. */
export interface ExplorationTruth {
  /** How far it must go for that. */
  readonly mode: 'standard' | 'deep';
  /** Every page that is visited, by its address, and how that ends. */
  readonly pages: Readonly<Record<string, OutcomeTruth['statuses'][number]>>;
  /** Pages that are known and left out because robots.txt says so. */
  readonly skippedPages: readonly string[];
  /** Names of all cookies then in the jar, each with the pages it is seen on. */
  readonly cookies: Readonly<Record<string, readonly string[]>>;
}

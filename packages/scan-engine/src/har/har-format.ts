/**
 * The parts of an HTTP Archive that are written. Names with an underscore are additions, which the format allows.
 *
 * @see http://www.softwareishard.com/blog/har-12-spec/
 */
export interface HarDocument {
  readonly log: {
    readonly version: '1.2';
    readonly creator: HarProduct;
    readonly browser: HarProduct;
    readonly pages: readonly HarPage[];
    readonly entries: readonly HarEntry[];
    readonly comment: string;
  };
}

interface HarProduct {
  readonly name: string;
  readonly version: string;
}

/** A visited page. Times are milliseconds after `startedDateTime`; -1 where the moment never came. */
export interface HarPage {
  readonly startedDateTime: string;
  readonly id: string;
  readonly title: string;
  readonly pageTimings: { readonly onContentLoad: number; readonly onLoad: number };
  readonly _url: string;
}

/** One request with its answer. Sizes are bytes, times milliseconds; -1 means unknown. */
export interface HarEntry {
  readonly pageref?: string;
  readonly startedDateTime: string;
  readonly time: number;
  readonly request: HarRequest;
  readonly response: HarResponse;
  readonly cache: Record<string, never>;
  readonly timings: HarTimings;
  readonly serverIPAddress?: string;
  readonly connection?: string;
  /** As the protocol of the browser names it, such as Document or Script. */
  readonly _resourceType: string;
  /** What brought the request about, from its nearest cause outwards. */
  readonly _initiators: readonly string[];
  readonly _fromCache?: string;
}

/** A name with its value, as in headers and queries. */
export interface HarPair {
  readonly name: string;
  readonly value: string;
}

/** One cookie that was sent or set. */
export interface HarCookie extends HarPair {
  readonly path?: string;
  readonly domain?: string;
  /** ISO 8601; left out for a session cookie. */
  readonly expires?: string;
  readonly httpOnly: boolean;
  readonly secure: boolean;
  readonly sameSite?: string;
  /** Why the browser refused it. */
  readonly comment?: string;
}

interface HarMessage {
  readonly httpVersion: string;
  readonly cookies: readonly HarCookie[];
  readonly headers: readonly HarPair[];
  readonly headersSize: number;
  readonly bodySize: number;
}

/** What was asked. */
export interface HarRequest extends HarMessage {
  readonly method: string;
  readonly url: string;
  readonly queryString: readonly HarPair[];
}

/** What was answered; status 0 where nothing was. */
export interface HarResponse extends HarMessage {
  readonly status: number;
  readonly statusText: string;
  readonly content: { readonly size: number; readonly mimeType: string; readonly compression?: number };
  readonly redirectURL: string;
  readonly _transferSize: number;
  /** Why nothing, or not all, came; null when all did. */
  readonly _error: string | null;
  readonly _blockedReason?: string;
  /** What a reader must know of an answer that is not there. */
  readonly comment?: string;
}

/** Phases of a request; `ssl` is part of `connect`. */
export interface HarTimings {
  readonly blocked: number;
  readonly dns: number;
  readonly connect: number;
  readonly ssl: number;
  readonly send: number;
  readonly wait: number;
  readonly receive: number;
}

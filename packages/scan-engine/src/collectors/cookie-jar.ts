import type { CDPSession, Protocol } from '../browser/cdp.ts';

/** One cookie as the browser's jar holds it. */
export interface JarCookie {
  readonly name: string;
  readonly value: string;
  /** With a leading dot unless host-only. */
  readonly domain: string;
  readonly path: string;
  readonly httpOnly: boolean;
  readonly secure: boolean;
  readonly sameSite: 'Strict' | 'Lax' | 'None' | 'unset';
  /** Unix seconds; null for a session cookie. */
  readonly expires: number | null;
  /** Top-level site of a partitioned cookie; null otherwise. */
  readonly partitionSite: string | null;
  readonly sizeBytes: number;
}

/** One reading of the jar. */
export interface JarSnapshot {
  /** On the scan's clock. */
  readonly atMs: number;
  readonly jar: readonly JarCookie[];
  /** Requests answered between the beginnings of the reading before and of this one, whose headers nobody heard. */
  readonly afterRequestIds: readonly string[];
}

/** Identity of a cookie: two entries with the same key cannot be in the jar at once. */
export function jarKey({ name, domain, path, partitionSite }: JarCookie): string {
  return cookieKey(name, domain, path, partitionSite !== null);
}

/** Identity of a cookie from its parts; `domain` with a leading dot unless host-only. */
export function cookieKey(name: string, domain: string, path: string, isPartitioned: boolean): string {
  return [name, domain, path, isPartitioned ? 'partitioned' : ''].join('\u0000');
}

/**
 * Reads the whole jar of one context, partitioned cookies included. The page has no part in it, so it cannot
 * change the answer.
 */
export async function readCookieJar(root: CDPSession, contextId: string): Promise<JarCookie[]> {
  const { cookies } = await root.send('Storage.getCookies', { browserContextId: contextId });
  return cookies.map(toJarCookie);
}

function toJarCookie(cookie: Protocol.Network.Cookie): JarCookie {
  return {
    name: cookie.name,
    value: cookie.value,
    domain: cookie.domain,
    path: cookie.path,
    httpOnly: cookie.httpOnly,
    secure: cookie.secure,
    sameSite: cookie.sameSite ?? 'unset',
    expires: cookie.session ? null : cookie.expires,
    partitionSite: cookie.partitionKey?.topLevelSite ?? null,
    sizeBytes: Buffer.byteLength(cookie.name) + Buffer.byteLength(cookie.value),
  };
}

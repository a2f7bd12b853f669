import type { SiteAccess } from '@cookie-scanner/contracts';
import type { JarCookie } from '../collectors/cookie-jar.ts';
import { challengeAnswer } from './challenge-answer.ts';
import { ownHost } from './own-host.ts';

/** Opens the files that a site has for robots, which are asked for beside the browser, as the browser opens its pages. */
export interface FileKey {
  /** What a request to this address carries; nothing for any host but the site's own. */
  headersFor(url: string): Promise<Readonly<Record<string, string>>>;
  /**
   * The answer to a server that asks for a user name and a password, for the `Authorization` header.
   *
   * @returns null when there is none, or when one was refused: trying again could lock the account
   */
  answerTo(challenge: string, url: string): string | null;
  /** Notes that an answer was refused. */
  refused(): void;
}

/** The visitor whose way into the site the files share. */
export interface Insider {
  readJar(): Promise<readonly JarCookie[]>;
  /** Whether the site has refused the visitor's user name and password. */
  isRejected(): boolean;
}

/**
 * Makes the key from what opens the site to the visitor. Cookies are taken along only where the visitor was given some,
 * or has logged in: other robots have none.
 *
 * @param insider - null while there is no visitor
 */
export function fileKey(access: SiteAccess, startUrl: string, insider: () => Insider | null): FileKey {
  const host = ownHost(startUrl);
  const { headers, cookies, login, httpCredentials } = access;
  const hasCookies = cookies.length > 0 || login !== null;
  let wasRefused = false;
  return {
    async headersFor(url) {
      if (!host.includes(url)) return {};
      const jar = hasCookies ? await insider()?.readJar() : undefined;
      const cookie = (jar ?? [])
        .filter((held) => isSent(held, url))
        .map(({ name, value }) => `${name}=${value}`);
      return {
        ...(cookie.length > 0 ? { cookie: cookie.join('; ') } : {}),
        ...Object.fromEntries(headers.map(({ name, value }) => [name, value])),
      };
    },
    answerTo(challenge, url) {
      const mayAnswer = host.includes(url) && !wasRefused && insider()?.isRejected() === false;
      return mayAnswer && httpCredentials !== null ? challengeAnswer(challenge, url, httpCredentials) : null;
    },
    refused() {
      wasRefused = true;
    },
  };
}

/** @see https://www.rfc-editor.org/rfc/rfc6265#section-5.4 */
function isSent({ domain, path, secure, partitionSite }: JarCookie, url: string): boolean {
  const { protocol, hostname, pathname } = new URL(url);
  const isOfHost = domain.startsWith('.') ? `.${hostname}`.endsWith(domain) : hostname === domain;
  const isOfPath = pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`);
  return isOfHost && isOfPath && partitionSite === null && (!secure || protocol === 'https:');
}

import { createHash, timingSafeEqual } from 'node:crypto';
import { signAccessToken, verifyAccessToken, type AuthKeys, type Person } from '@cookie-scanner/auth';
import { isAppError } from '@cookie-scanner/errors';
import type { Request, Response } from 'express';
import { cookieValueOf } from './board-cookie.ts';

/** How long somebody may change queues from one proof of who they are. */
const GRANT_SECONDS = 300;
/** The name under which the pages of Bull Board look for a word to repeat in a header. */
const ECHO_COOKIE = 'XSRF-TOKEN';
const ECHO_HEADER = 'x-xsrf-token';

/**
 * Leave to change queues, for one session and five minutes: a signed token in a cookie that no script reads, and a word
 * made from it in one that only our own pages read, and which they must repeat in a header with each change.
 */
export interface BoardGrant {
  give(response: Response, person: Person): void;
  /** Whether the request carries a grant of this session that is still good. */
  isGiven(request: Request, person: Person): boolean;
  /** Whether the request repeats the word, which only a page of ours can. */
  isEchoed(request: Request): boolean;
  clear(response: Response): void;
}

/**
 * @param keysOf - asked with each request, because the API is also described where there are no keys
 * @param isHttps - as for `boardCookie`
 */
export function boardGrant(keysOf: () => AuthKeys, { isHttps }: { isHttps: boolean }): BoardGrant {
  const name = isHttps ? '__Host-board-grant' : 'board-grant';
  const secure = isHttps ? '; Secure' : '';
  const write = (response: Response, grant: string, echo: string, seconds: number): void => {
    const flags = `Max-Age=${seconds}; Path=/; SameSite=Strict${secure}`;
    response.append('Set-Cookie', `${name}=${grant}; ${flags}; HttpOnly`);
    response.append('Set-Cookie', `${ECHO_COOKIE}=${echo}; ${flags}`);
  };
  return {
    give(response, { userId, sessionId, authenticatedAtSeconds }) {
      const claims = { sub: userId, sid: sessionId, tv: 0, kind: 'board_grant' } as const;
      const proven = authenticatedAtSeconds === null ? {} : { auth_time: authenticatedAtSeconds };
      const grant = signAccessToken(keysOf(), { ...claims, ...proven }, GRANT_SECONDS);
      write(response, grant, echoOf(grant), GRANT_SECONDS);
    },
    isGiven(request, { userId, sessionId }) {
      try {
        const grant = verifyAccessToken(keysOf(), cookieValueOf(request, name) ?? '', 'board_grant');
        return grant.sub === userId && grant.sid === sessionId;
      } catch (error) {
        if (isAppError(error)) return false;
        throw error;
      }
    },
    isEchoed(request) {
      const expected = Buffer.from(echoOf(cookieValueOf(request, name) ?? ''));
      const echo = Buffer.from(String(request.headers[ECHO_HEADER] ?? ''));
      return echo.length === expected.length && timingSafeEqual(echo, expected);
    },
    clear: (response) => write(response, '', '', 0),
  };
}

/** Whoever does not know the grant cannot make it up, and it opens nothing. */
function echoOf(grant: string): string {
  return createHash('sha256').update(`board echo ${grant}`).digest('base64url');
}

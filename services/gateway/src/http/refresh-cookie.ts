import type { SignedIn } from '@cookie-scanner/auth';
import type { Request, Response } from 'express';

/**
 * The cookie that carries the refresh token. Scripts cannot read it, and it is sent to us alone.
 *
 * Over https it is bound to this very host by its name. @see https://www.rfc-editor.org/rfc/rfc6265#section-5.4
 */
export interface RefreshCookie {
  /** Null when the request has none, or more than one. */
  read(request: Request): string | null;
  set(response: Response, session: SignedIn): void;
  clear(response: Response): void;
}

/** @param isHttps - whether people reach us over https; on loopback, http is all there is */
export function refreshCookie({ isHttps }: { isHttps: boolean }): RefreshCookie {
  const name = isHttps ? '__Host-rt' : 'rt';
  const write = (response: Response, value: string, maxAgeSeconds: number): void => {
    const flags = `Path=/; HttpOnly; SameSite=Strict${isHttps ? '; Secure' : ''}`;
    response.append('Set-Cookie', `${name}=${value}; Max-Age=${maxAgeSeconds}; ${flags}`);
  };
  return {
    read(request) {
      const values = (request.headers.cookie ?? '')
        .split(';')
        .map((pair) => pair.trim())
        .filter((pair) => pair.startsWith(`${name}=`))
        .map((pair) => pair.slice(name.length + 1));
      return values.length === 1 ? (values[0] ?? null) : null;
    },
    set: (response, session) => write(response, session.refreshToken, session.refreshExpiresInSeconds),
    clear: (response) => write(response, '', 0),
  };
}

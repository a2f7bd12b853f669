import type { Request, Response } from 'express';

/**
 * The cookie that opens Bull Board, whose pages can send no `Authorization` header. It holds the access token of a login that
 * has just been proven, and nothing else of ours reads it: a cookie alone never opens the API.
 */
export interface BoardCookie {
  /** Null when the request has none, or more than one. */
  read(request: Request): string | null;
  set(response: Response, token: string, maxAgeSeconds: number): void;
  clear(response: Response): void;
}

/** @param isHttps - whether people reach us over https; then the cookie is bound to this very host by its name */
export function boardCookie({ isHttps }: { isHttps: boolean }): BoardCookie {
  const name = isHttps ? '__Host-board' : 'board';
  const write = (response: Response, value: string, maxAgeSeconds: number): void => {
    const flags = `Path=/; HttpOnly; SameSite=Strict${isHttps ? '; Secure' : ''}`;
    response.append('Set-Cookie', `${name}=${value}; Max-Age=${maxAgeSeconds}; ${flags}`);
  };
  return {
    read: (request) => cookieValueOf(request, name),
    set: write,
    clear: (response) => write(response, '', 0),
  };
}

/** The value of a cookie; null when the request has none of this name, or more than one. */
export function cookieValueOf(request: Request, name: string): string | null {
  const values = (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  return values.length === 1 ? (values[0] ?? null) : null;
}

import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Answer } from './site.ts';

/** One user of a site. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

const REALM = 'staff';
/** Any text will do: nobody here replays what others sent. */
const NONCE = '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcC';

/**
 * Asks for a user name and a password in the clear and opens to who has them.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7617
 */
export function withBasic({ username, password }: Credentials, inside: Answer, outside: Answer): Answer {
  const expected = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  return (exchange) => {
    if (exchange.request.headers.authorization === expected) return inside(exchange);
    exchange.response.setHeader('www-authenticate', `Basic realm="${REALM}"`);
    return outside(exchange);
  };
}

/**
 * The same with SHA-256 digests, so that the password itself does not travel.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7616
 */
export function withDigest(credentials: Credentials, inside: Answer, outside: Answer): Answer {
  return (exchange) => {
    if (isRightDigest(exchange.request, credentials)) return inside(exchange);
    exchange.response.setHeader(
      'www-authenticate',
      `Digest realm="${REALM}", qop="auth", algorithm=SHA-256, nonce="${NONCE}", opaque="0"`,
    );
    return outside(exchange);
  };
}

function isRightDigest({ method, headers }: IncomingMessage, { username, password }: Credentials): boolean {
  const { authorization = '' } = headers;
  if (!authorization.startsWith('Digest ')) return false;
  const fields: Record<string, string> = {};
  for (const [, name = '', quoted, bare] of authorization.matchAll(/(\w+)=(?:"([^"]*)"|([^\s,]+))/g))
    fields[name] = quoted ?? bare ?? '';
  const { uri = '', nc = '', cnonce = '', qop = '', nonce = '', response } = fields;
  const user = hash(`${username}:${REALM}:${password}`);
  const request = hash(`${method ?? 'GET'}:${uri}`);
  return nonce === NONCE && response === hash([user, nonce, nc, cnonce, qop, request].join(':'));
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

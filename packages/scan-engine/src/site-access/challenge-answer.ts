import type { HttpCredentials } from '@cookie-scanner/contracts';
import { createHash, randomBytes } from 'node:crypto';

/** Digests that are answered, by their names in challenges, with those of Node. */
const ALGORITHMS: ReadonlyMap<string, string> = new Map([
  ['md5', 'md5'],
  ['sha-256', 'sha256'],
  ['sha-512-256', 'sha512-256'],
]);

/**
 * Answers a server that asks for a user name and a password, as value of the `Authorization` header of a GET request.
 * A digest is preferred, because the password itself does not travel.
 *
 * @param challenge - value of `WWW-Authenticate`
 * @returns null when the server asks for something else than basic or digest authentication
 * @see https://www.rfc-editor.org/rfc/rfc7617 and https://www.rfc-editor.org/rfc/rfc7616
 */
export function challengeAnswer(
  challenge: string,
  url: string,
  { username, password }: HttpCredentials,
  clientNonce: string = randomBytes(16).toString('hex'),
): string | null {
  const digest = /(?:^|,\s*)digest\s+(.*)$/i.exec(challenge)?.[1];
  const answer =
    digest === undefined ? null : digestAnswer(fieldsOf(digest), url, { username, password }, clientNonce);
  if (answer !== null) return answer;
  if (!/(?:^|,\s*)basic\b/i.test(challenge)) return null;
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** @returns null for what hardly any server asks: integrity of bodies, sessions, hashed user names */
function digestAnswer(
  { realm = '', nonce = '', opaque, qop, algorithm = 'MD5' }: Partial<Record<string, string>>,
  url: string,
  { username, password }: HttpCredentials,
  clientNonce: string,
): string | null {
  const hashName = ALGORITHMS.get(algorithm.toLowerCase());
  if (hashName === undefined || (qop !== undefined && !/\bauth\b(?!-)/.test(qop))) return null;
  const hash = (...parts: string[]): string => createHash(hashName).update(parts.join(':')).digest('hex');
  const { pathname, search } = new URL(url);
  const uri = pathname + search;
  const count = '00000001';
  const user = hash(username, realm, password);
  const request = hash('GET', uri);
  const response =
    qop === undefined ? hash(user, nonce, request) : hash(user, nonce, count, clientNonce, 'auth', request);
  return (
    `Digest username=${quoted(username)}, realm=${quoted(realm)}, nonce=${quoted(nonce)}, uri=${quoted(uri)}, ` +
    `algorithm=${algorithm}, response="${response}"` +
    (qop === undefined ? '' : `, qop=auth, nc=${count}, cnonce="${clientNonce}"`) +
    (opaque === undefined ? '' : `, opaque=${quoted(opaque)}`)
  );
}

function fieldsOf(parameters: string): Partial<Record<string, string>> {
  const fields: Partial<Record<string, string>> = {};
  for (const [, name = '', text, bare] of parameters.matchAll(
    /([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g,
  ))
    fields[name.toLowerCase()] ??= text?.replace(/\\(.)/g, '$1') ?? bare;
  return fields;
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

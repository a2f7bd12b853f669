import { accessTokenTextSchema, tokenDataSchema, type TokenData } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import jwt from 'jsonwebtoken';
import type { AuthKeys } from '../auth-keys.ts';

const ALGORITHM = 'HS256';
/** Tells our tokens from other things that are signed with JOSE. @see https://www.rfc-editor.org/rfc/rfc9068#section-2.1 */
const TYPE = 'at+jwt';
/** How far the clocks of two machines may be apart. */
const CLOCK_TOLERANCE_SECONDS = 5;

/** What a token is made of; issuer, audience and times are added. */
export type AccessTokenClaims = Pick<TokenData, 'sub' | 'sid' | 'tv' | 'kind' | 'auth_time'>;

/** Signs a token. */
export function signAccessToken(keys: AuthKeys, claims: AccessTokenClaims, lifetimeSeconds: number): string {
  const [key] = keys.accessToken;
  if (!key) throw new Error('there is no key to sign with');
  const { sub, ...payload } = claims;
  return jwt.sign(payload, key, {
    algorithm: ALGORITHM,
    header: { alg: ALGORITHM, typ: TYPE },
    subject: sub,
    issuer: keys.issuer,
    audience: keys.audience,
    expiresIn: lifetimeSeconds,
  });
}

/**
 * What a token says, when it is one of ours, of this kind and still good.
 *
 * @throws AppError MFA_REQUIRED for the token of a login that waits for its second factor, where access is asked for
 * @throws AppError TOKEN_INVALID for everything else; the reason goes to nobody
 */
export function verifyAccessToken(keys: AuthKeys, text: string, kind: TokenData['kind']): TokenData {
  const data = keys.accessToken.map((key) => verifyWith(key, keys, text)).find((found) => found !== null);
  if (!data) throw tokenInvalid();
  if (data.kind === kind) return data;
  if (data.kind === 'mfa_pending') {
    throw new AppError('MFA_REQUIRED', 'Finish signing in with the code of your second factor.');
  }
  throw tokenInvalid();
}

/** A token that is none of ours, too old, or ended. */
export function tokenInvalid(): AppError {
  return new AppError('TOKEN_INVALID', 'The token is not valid, or not any more. Sign in again.');
}

function verifyWith(key: Buffer, keys: AuthKeys, text: string): TokenData | null {
  if (!accessTokenTextSchema.safeParse(text).success) return null;
  try {
    const { header, payload } = jwt.verify(text, key, {
      algorithms: [ALGORITHM],
      issuer: keys.issuer,
      audience: keys.audience,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      complete: true,
    });
    // The schema asks for exp, sub, sid and the rest: the library would accept a token without an end.
    return header.typ === TYPE ? (tokenDataSchema.safeParse(payload).data ?? null) : null;
  } catch {
    return null; // Whatever is wrong with it, it is no token of ours.
  }
}

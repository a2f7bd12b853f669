import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import jwt from 'jsonwebtoken';
import { authKeys } from '../auth-keys.ts';
import { TEST_KEYS } from '../testing.test.helper.ts';
import { signAccessToken, verifyAccessToken } from './access-token.ts';

const key = TEST_KEYS.accessToken[0] ?? Buffer.alloc(0);
const claims = { sub: randomUUID(), sid: randomUUID(), tv: 0, kind: 'access' } as const;
const invalid = expect.objectContaining({ code: 'TOKEN_INVALID' });

function forge(options: jwt.SignOptions, payload: object = claims, secret: Buffer | string = key): string {
  const { sub, ...rest } = { ...claims, ...payload };
  return jwt.sign(rest, secret, {
    algorithm: 'HS256',
    header: { alg: 'HS256', typ: 'at+jwt' },
    subject: sub,
    issuer: 'issuer',
    audience: 'audience',
    expiresIn: 600,
    ...options,
  });
}

function unsigned(header: object, payload: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part(header)}.${part(payload)}.x`;
}

describe('an access token', () => {
  it('says what it was made with, and when it ends', () => {
    const data = verifyAccessToken(TEST_KEYS, signAccessToken(TEST_KEYS, claims, 600), 'access');
    expect(data).toMatchObject({ ...claims, iss: 'issuer', aud: 'audience' });
    expect(data.exp - data.iat).toBe(600);
  });

  it('is accepted under the secret before, but not signed with it', () => {
    const secrets = { jwtIssuer: 'issuer', jwtAudience: 'audience', encryptionKey: 'e' };
    const before = authKeys({ ...secrets, jwtSecret: 'before', jwtSecretPrevious: null });
    const now = authKeys({ ...secrets, jwtSecret: 'now', jwtSecretPrevious: 'before' });
    expect(verifyAccessToken(now, signAccessToken(before, claims, 600), 'access').sub).toBe(claims.sub);
    expect(() => verifyAccessToken(before, signAccessToken(now, claims, 600), 'access')).toThrow(invalid);
  });

  const nowSeconds = Math.floor(Date.now() / 1_000);
  const whole = { ...claims, iss: 'issuer', aud: 'audience', iat: nowSeconds, exp: nowSeconds + 600 };
  it.each<[string, string]>([
    ['nothing', ''],
    ['a word', 'x'],
    ['three dots', '...'],
    ['no signature', unsigned({ alg: 'none', typ: 'at+jwt' }, whole)],
    ['algorithm None in capitals', unsigned({ alg: 'NONE', typ: 'at+jwt' }, whole)],
    ['another secret', forge({}, {}, 'another')],
    ['another algorithm', forge({ algorithm: 'HS512', header: { alg: 'HS512', typ: 'at+jwt' } })],
    ['another type', forge({ header: { alg: 'HS256', typ: 'JWT' } })],
    ['another issuer', forge({ issuer: 'evil' })],
    ['another audience', forge({ audience: 'evil' })],
    ['an end in the past', forge({ expiresIn: -60 })],
    ['a beginning in the future', forge({ notBefore: 600 })],
    ['no session', forge({}, { sid: undefined })],
    ['a session that is none', forge({}, { sid: "' OR 1=1" })],
    ['no version', forge({}, { tv: undefined })],
    ['another kind', forge({}, { kind: 'refresh' })],
    [
      'no end',
      jwt.sign({ ...claims, iss: 'issuer', aud: 'audience' }, key, {
        header: { alg: 'HS256', typ: 'at+jwt' },
      }),
    ],
    [
      'a key id that leads elsewhere',
      forge({ header: { alg: 'HS256', typ: 'at+jwt', kid: '../../x' } }, {}, 'x'),
    ],
    [
      'a key of its own',
      forge({ header: { alg: 'HS256', typ: 'at+jwt', jku: 'https://evil.example' } }, {}, 'x'),
    ],
    ['sixteen thousand characters', `${'a'.repeat(16_000)}.b.c`],
  ])('with %s is none of ours', (_, text) => {
    expect(() => verifyAccessToken(TEST_KEYS, text, 'access')).toThrow(invalid);
  });

  it('of a login that waits for its second factor is good for that alone', () => {
    const pending = signAccessToken(TEST_KEYS, { ...claims, kind: 'mfa_pending' }, 60);
    expect(() => verifyAccessToken(TEST_KEYS, pending, 'access')).toThrow(
      expect.objectContaining({ code: 'MFA_REQUIRED' }),
    );
    expect(verifyAccessToken(TEST_KEYS, pending, 'mfa_pending').sub).toBe(claims.sub);
    const access = signAccessToken(TEST_KEYS, claims, 60);
    expect(() => verifyAccessToken(TEST_KEYS, access, 'mfa_pending')).toThrow(invalid);
  });
});

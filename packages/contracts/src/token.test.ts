import { describe, expect, it } from '@jest/globals';
import { recoveryCodeSchema, totpCodeSchema } from './mfa.ts';
import { accepts, ID, OTHER_ID } from './problems-of.test.helper.ts';
import { accessTokenTextSchema, loginSchema, opaqueTokenSchema, tokenDataSchema } from './token.ts';

const CLAIMS = {
  iss: 'cookie-scanner',
  aud: 'api',
  sub: ID,
  sid: OTHER_ID,
  tv: 0,
  kind: 'access',
  iat: 1,
  exp: 601,
};

describe('what a signed token says', () => {
  it('is who, in which session, for what and how long; further claims are left out', () => {
    expect(tokenDataSchema.parse({ ...CLAIMS, jti: 'x', role: 'Admin' })).toEqual(CLAIMS);
  });

  it.each([
    ['no end', { exp: undefined }],
    ['an end before its beginning', { exp: 1 }],
    ['an end that is text', { exp: '601' }],
    ['no account', { sub: undefined }],
    ['an account that is no id', { sub: 'admin' }],
    ['SQL for an account', { sub: "' OR 1=1 --" }],
    ['no session', { sid: undefined }],
    ['no version', { tv: undefined }],
    ['no audience', { aud: undefined }],
    ['several audiences', { aud: ['api', 'other'] }],
    ['an empty issuer', { iss: '' }],
    ['the kind of a refresh token', { kind: 'refresh' }],
    ['no kind', { kind: undefined }],
  ])('is refused with %s', (_what, change) => {
    expect(accepts(tokenDataSchema, { ...CLAIMS, ...change })).toBe(false);
  });
});

describe('the form of a token', () => {
  const opaque = 'Ab0_-'.repeat(8) + 'xyz';

  it('tells signed tokens from opaque ones', () => {
    expect(accepts(accessTokenTextSchema, 'eyJh.eyJz.c2ln')).toBe(true);
    expect(accepts(opaqueTokenSchema, opaque)).toBe(true);
    expect(accepts(accessTokenTextSchema, opaque)).toBe(false);
    expect(accepts(opaqueTokenSchema, 'eyJh.eyJz.c2ln')).toBe(false);
  });

  it.each([
    '',
    'x',
    'Bearer',
    'a.b',
    'a.b.',
    'a.b.c.d',
    'a.b.c\n',
    'a b.c.d',
    `a.b.${'c'.repeat(16_384)}`,
    null,
  ])('refuses %.20j', (text) => {
    expect(accepts(accessTokenTextSchema, text)).toBe(false);
    expect(accepts(opaqueTokenSchema, text)).toBe(false);
  });
});

describe('a login', () => {
  it('reads the password in the form in which it was hashed', () => {
    const login = { email: 'ANN@example.com', password: 'cafe\u0301 au lait' };
    expect(loginSchema.parse(login)).toEqual({ email: 'ann@example.com', password: 'caf\u00e9 au lait' });
  });

  it.each([
    { email: 'ann@example.com', password: '' },
    { email: 'ann@example.com', password: 'tmwq\u0000akvr' },
    { email: 'ann@example.com', password: 'x'.repeat(10_000_000) },
    { email: 'a@b', password: 'black tea at four' },
    { email: 'a+b@', password: 'black tea at four' },
    { email: `${'a'.repeat(308)}@example.com`, password: 'black tea at four' },
    { email: 'ann@example.com', password: 'black tea at four', role: 'Admin' },
    { email: { $ne: null }, password: { $ne: null } },
  ])('is refused: %.80j', (login) => {
    expect(accepts(loginSchema, login)).toBe(false);
  });
});

describe('a code', () => {
  it.each(['000000', '123 456', ' 123456 '])('of an authenticator is six digits: %j', (code) => {
    expect(totpCodeSchema.parse(code)).toMatch(/^[0-9]{6}$/);
  });

  it.each([
    '',
    '12345',
    '1234567',
    'abcdef',
    '١٢٣٤٥٦',
    '１２３４５６',
    '12345\n6',
    '+12345',
    '1e5000',
    123456,
  ])('of an authenticator is not %j', (code) => {
    expect(accepts(totpCodeSchema, code)).toBe(false);
  });

  it.each(['0123-4567-89AB-CDEF', '0123 4567 89ab cdef', ' oi23456789abcdef', 'OL2345-6789abCDEF'])(
    'of recovery is the same however it is typed: %j',
    (code) => {
      expect(recoveryCodeSchema.parse(code)).toBe('0123456789ABCDEF');
    },
  );

  it.each([
    '',
    '0123-4567-89AB-CDE',
    '0123456789ABCDEFG',
    '0123456789ABCDEU',
    '0123456789ABCDÉF',
    '-'.repeat(100),
  ])('of recovery is not %j', (code) => {
    expect(accepts(recoveryCodeSchema, code)).toBe(false);
  });
});

import { describe, expect, it } from '@jest/globals';
import { accepts, ID, problemsOf } from './problems-of.test.helper.ts';
import {
  passwordChangeSchema,
  userAccessUpdateSchema,
  userCreateSchema,
  userSchema,
  userUpdateSchema,
} from './user.ts';

const USER = { email: 'Ann.Miller@Example.com', name: ' Ann Miller ', password: 'black tea at four' };

describe('a new account', () => {
  it('needs an address, a name and a password', () => {
    expect(userCreateSchema.parse(USER)).toEqual({
      email: 'ann.miller@example.com',
      name: 'Ann Miller',
      password: 'black tea at four',
      timeZone: 'UTC',
    });
  });

  it.each([
    ['a role', { role: 'Admin' }],
    ['roles', { roles: ['Admin'] }],
    ['rights', { isAdmin: true }],
    ['a workspace', { workspaceId: ID }],
    ['a verified address', { emailVerified: true }],
    ['an id', { id: ID }],
    ['a state', { state: 'active' }],
    ['a prototype', JSON.parse('{"__proto__":{"isAdmin":true}}') as object],
  ])('does not choose %s for itself', (_what, extra) => {
    const body: unknown = Object.defineProperties({ ...USER }, Object.getOwnPropertyDescriptors(extra));
    expect(problemsOf(userCreateSchema, body)).toEqual([expect.stringContaining('Unrecognized key')]);
  });

  it.each([
    ['an address without a domain', { email: 'a@b' }, 'email'],
    ['an address of 320 characters', { email: `${'a'.repeat(308)}@example.com` }, 'email'],
    ['an address with CRLF', { email: 'a@b.com\r\nBcc: c@d.com' }, 'email'],
    ['no address', { email: undefined }, 'email'],
    ['a name with a line break', { name: 'Ann\nMiller' }, 'name'],
    ['a name with a NUL', { name: 'Ann\u0000' }, 'name'],
    ['a short password', { password: 'tmwqakv' }, 'password'],
    ['a password of 129 characters', { password: 'ab3 '.repeat(32) + 'z' }, 'password'],
    ['a password with a NUL', { password: 'tmwqakvr\u0000' }, 'password'],
    ['a common password', { password: 'Sunshine1' }, 'password'],
    ['its address as password', { password: 'ann.miller@example.com' }, 'password'],
    ['its name as password', { password: 'annmiller1' }, 'password'],
    ['its name as password, with signs', { password: 'Ann Miller!!' }, 'password'],
    ['a zone on Mars', { timeZone: 'Mars/X' }, 'timeZone'],
  ])('is refused with %s', (_what, change, path) => {
    expect(problemsOf(userCreateSchema, { ...USER, ...change })).toEqual([
      expect.stringMatching(`^${path}: `),
    ]);
  });
});

describe('a change of an account', () => {
  it.each([{ name: 'Ann' }, { timeZone: 'Europe/Berlin' }])('may be %j', (change) => {
    expect(userUpdateSchema.parse(change)).toEqual(change);
  });

  it.each([
    {},
    { roles: ['Admin'] },
    { email: 'b@example.com' },
    { password: 'black tea at four' },
    { name: '' },
  ])('may not be %j', (change) => {
    expect(accepts(userUpdateSchema, change)).toBe(false);
  });

  it('of its rights names roles once and leaves nobody without one', () => {
    expect(accepts(userAccessUpdateSchema, { roles: ['PI', 'Analyst'], state: 'disabled' })).toBe(true);
    for (const roles of [[], ['Root'], ['admin'], ['PI', 'PI']]) {
      expect(accepts(userAccessUpdateSchema, { roles })).toBe(false);
    }
    expect(accepts(userAccessUpdateSchema, { state: 'invited' })).toBe(false);
  });

  it('of the password takes a good one that is new', () => {
    const currentPassword = 'black tea at four';
    expect(accepts(passwordChangeSchema, { currentPassword, newPassword: 'green tea at five' })).toBe(true);
    expect(problemsOf(passwordChangeSchema, { currentPassword, newPassword: currentPassword })).toEqual([
      'newPassword: is the old password',
    ]);
    expect(accepts(passwordChangeSchema, { currentPassword, newPassword: 'password' })).toBe(false);
  });
});

it('an account as the API shows it has no field for a secret', () => {
  expect(Object.keys(userSchema.shape).filter((key) => /password|secret|hash|recovery/i.test(key))).toEqual(
    [],
  );
});

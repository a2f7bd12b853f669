import { describe, expect, it } from '@jest/globals';
import { accepts, problemsOf } from './problems-of.test.helper.ts';
import { insertSecrets, secretNamesIn } from './secret-placeholder.ts';
import { siteAccessSchema } from './site-access.ts';

const TYPING = { steps: [{ type: 'change', selectors: ['#p'], value: 'a{{secret:PASSWORD}}b' }] };

describe('access to a site', () => {
  it('may be nothing at all', () => {
    expect(siteAccessSchema.parse({})).toEqual({
      headers: [],
      cookies: [],
      httpCredentials: null,
      login: null,
    });
  });

  it.each([
    ['a header', { headers: [{ name: 'X-Staging', value: 'open-sesame' }] }],
    ['a cookie', { cookies: [{ name: 'consent', value: 'yes', domain: '.shop.test' }] }],
    ['credentials', { httpCredentials: { username: 'ann', password: 'colons:are:fine' } }],
    ['a login', { login: { recording: TYPING, secrets: { PASSWORD: 'hunter22' } } }],
  ])('may be %s', (_what, access) => {
    expect(problemsOf(siteAccessSchema, access)).toEqual([]);
  });

  it('names the secret that a step wants and nobody gives', () => {
    expect(problemsOf(siteAccessSchema, { login: { recording: TYPING } })).toEqual([
      'login.recording.steps.0.value: wants the secret "PASSWORD", which is not given',
    ]);
  });

  it.each([
    ['a cookie header', { headers: [{ name: 'Cookie', value: 'a=b' }] }],
    ['a cookie with a line break', { cookies: [{ name: 'a', value: 'b\r\nc' }] }],
    ['a cookie of two cookies', { cookies: [{ name: 'a', value: 'b; c=d' }] }],
    ['a cookie of 5 KB', { cookies: [{ name: 'a', value: 'b'.repeat(5_000) }] }],
    ['a cookie of an address', { cookies: [{ name: 'a', value: 'b', domain: 'https://shop.test' }] }],
    ['a user name with a colon', { httpCredentials: { username: 'a:b', password: 'hunter22' } }],
    ['a password that ordinary text contains', { httpCredentials: { username: 'ann', password: 'abc' } }],
    ['a secret that ordinary text contains', { login: { recording: TYPING, secrets: { PASSWORD: '123' } } }],
    ['something unknown', { certificate: 'x' }],
  ])('may not be %s', (_what, access) => {
    expect(accepts(siteAccessSchema, access)).toBe(false);
  });

  it('is refused without a word about its values', () => {
    const access = {
      httpCredentials: { username: 'canary-user:x', password: 'canary-password\n' },
      cookies: [{ name: 'canary name', value: 'canary;value' }],
      login: { recording: TYPING, secrets: { 'canary-name': 'canary-secret', PASSWORD: 'abc' } },
    };
    const messages = siteAccessSchema.safeParse(access).error?.issues.map(({ message }) => message);
    expect(messages?.length).toBeGreaterThan(3);
    expect(messages?.join()).not.toContain('canary');
  });
});

describe('the place of a secret in a text', () => {
  it('is found and filled, wherever it stands', () => {
    expect(secretNamesIn('{{secret:A}} and {{secret:B}}')).toEqual(['A', 'B']);
    expect(insertSecrets('{{secret:A}}-{{secret:A}}', { A: '$&x' })).toBe('$&x-$&x');
  });

  it('stays as it is when there is no such secret', () => {
    expect(insertSecrets('{{secret:toString}} {{other}}', { A: 'x' })).toBe('{{secret:toString}} {{other}}');
  });
});

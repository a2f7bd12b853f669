import { describe, expect, it } from '@jest/globals';
import { profileFileSchema, resolveSecrets } from './profile-file.ts';
import { accepts, problemsOf } from './problems-of.test.helper.ts';

const RECORDING = { steps: [{ type: 'change', selectors: ['#p'], value: '{{secret:PASSWORD}}' }] };
const ACCESS = {
  headers: [{ name: 'x-staging', value: { env: 'STAGING' } }],
  httpCredentials: { username: 'ann', password: { env: 'HTTP_PASSWORD' } },
  cookies: [{ name: 'a', value: { env: 'COOKIE' } }],
  login: { recording: RECORDING, secrets: { PASSWORD: { env: 'LOGIN_PASSWORD' } } },
};

describe('a crawl profile', () => {
  it('may be empty', () => {
    expect(resolveSecrets(profileFileSchema.parse({}), {})).toMatchObject({
      params: {},
      access: { headers: [], login: null },
    });
  });

  it('leaves out of its parameters what it does not say, so that the command line can decide it', () => {
    expect(profileFileSchema.parse({ params: { mode: 'deep' } }).params).toEqual({ mode: 'deep' });
  });

  it('takes texts from the environment', () => {
    const profile = profileFileSchema.parse({ access: ACCESS });
    const environment = {
      STAGING: 'open',
      HTTP_PASSWORD: 'hunter22',
      COOKIE: 'c',
      LOGIN_PASSWORD: 'hunter33',
    };
    const { access } = resolveSecrets(profile, environment);
    expect(access.headers).toEqual([{ name: 'x-staging', value: 'open' }]);
    expect(access.httpCredentials?.password).toBe('hunter22');
    expect(access.cookies[0]?.value).toBe('c');
    expect(access.login?.secrets).toEqual({ PASSWORD: 'hunter33' });
  });

  it('names every variable that is missing', () => {
    const profile = profileFileSchema.parse({ access: ACCESS });
    expect(() => resolveSecrets(profile, { STAGING: 'open', COOKIE: '' })).toThrow(
      'not set: COOKIE, HTTP_PASSWORD, LOGIN_PASSWORD.',
    );
  });

  it('names the place whose text does not fit, and not the text', () => {
    const profile = profileFileSchema.parse({ access: { headers: ACCESS.headers } });
    const resolve = () => resolveSecrets(profile, { STAGING: 'canary\r\nX-Evil: 1' });
    expect(resolve).toThrow('access.headers.0.value contains something else');
    expect(resolve).not.toThrow('canary');
  });

  it('is checked as far as it can be before there is an environment', () => {
    expect(
      problemsOf(profileFileSchema, {
        params: { mode: 'everything' },
        access: { ...ACCESS, httpCredentials: { username: 'a:b', password: { env: 'X' } } },
      }),
    ).toEqual([
      expect.stringMatching(/^params\.mode: /),
      'access.httpCredentials.username: contains a colon',
    ]);
  });

  it.each([{ acces: {} }, { params: [] }, { access: 'x' }, { access: { env: 'A' } }, []])(
    'is not %j',
    (file) => {
      expect(accepts(profileFileSchema, file)).toBe(false);
    },
  );
});

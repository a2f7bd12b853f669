import { siteAccessSchema } from '@cookie-scanner/contracts';
import { describe, expect, it } from '@jest/globals';
import type { JarCookie } from '../collectors/cookie-jar.ts';
import { fileKey, type FileKey } from './file-key.ts';

const START = 'https://shop.test/';
const ROBOTS = 'https://shop.test/robots.txt';

function held(name: string, change: Partial<JarCookie> = {}): JarCookie {
  return {
    ...{ name, value: '1', domain: 'shop.test', path: '/', httpOnly: true, secure: true, sameSite: 'unset' },
    ...{ expires: null, partitionSite: null, sizeBytes: 2 },
    ...change,
  };
}

function key(access: Record<string, unknown>, jar: JarCookie[] = [], isRejected = false): FileKey {
  const insider = { readJar: () => Promise.resolve(jar), isRejected: () => isRejected };
  return fileKey(siteAccessSchema.parse(access), START, () => insider);
}

const CREDENTIALS = { httpCredentials: { username: 'ann', password: 'pass-4711' } };
const PRESET = { cookies: [{ name: 'preview', value: 'x' }] };

describe('the key to files for robots', () => {
  it('is the headers that were given, for the site’s own host alone', async () => {
    const staging = key({ headers: [{ name: 'X-Staging', value: 'k' }] });
    expect(await staging.headersFor(ROBOTS)).toEqual({ 'x-staging': 'k' });
    expect(await staging.headersFor('https://www.shop.test/robots.txt')).toEqual({});
    expect(await staging.headersFor('http://shop.test/robots.txt')).toEqual({});
  });

  it('is the cookies of the visitor that fit, where the visitor was given some', async () => {
    const jar = [
      held('own'),
      held('wide', { domain: '.shop.test' }),
      held('other', { domain: 'tracker.test' }),
      held('deep', { path: '/account' }),
      held('framed', { partitionSite: 'https://shop.test' }),
    ];
    expect(await key(PRESET, jar).headersFor(ROBOTS)).toEqual({ cookie: 'own=1; wide=1' });
    expect(await key({}, jar).headersFor(ROBOTS)).toEqual({});
  });

  it('answers who asks for a password, until an answer is refused', () => {
    const basic = key(CREDENTIALS);
    expect(basic.answerTo('Basic realm="x"', 'https://tracker.test/')).toBeNull();
    expect(basic.answerTo('Basic realm="x"', ROBOTS)).toMatch(/^Basic /);
    basic.refused();
    expect(basic.answerTo('Basic realm="x"', ROBOTS)).toBeNull();
    expect(key(CREDENTIALS, [], true).answerTo('Basic realm="x"', ROBOTS)).toBeNull();
    expect(key({}).answerTo('Basic realm="x"', ROBOTS)).toBeNull();
  });
});

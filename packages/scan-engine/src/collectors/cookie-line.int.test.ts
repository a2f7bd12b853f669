import { startTestWeb, type TestWeb } from '@cookie-scanner/test-web';
import type { CookieObservation, SiteObservation } from '@cookie-scanner/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { scanSite, startTestEngine } from '../engine-fixture.test.helper.ts';
import type { ScanEngine } from '../scan-engine.ts';
import { answer, page, testSite } from '../test-site.test.helper.ts';
import { parseCookieLine } from './cookie-line.ts';

const HOUR_MS = 3_600_000;
const inAnHour = new Date(Date.now() + HOUR_MS);
const inAYear = new Date(Date.now() + 365 * 24 * HOUR_MS);

/** Lines that servers really send, and some that they should not. Each gets a value that tells it from the others. */
const LINES = [
  'ID=VALUE',
  '  ID  =  VALUE  ;  Path  =  /  ',
  'ID\t=\tVALUE;\tPath=/',
  'ID="VALUE"; Path=/',
  'ID="VALUE; Path=/"; Secure',
  'ID=VALUE=b==; Path=/',
  'ID=VALUE, and, more; Path=/',
  '=VALUE; Path=/nameless',
  'VALUE; Path=/nameless/too',
  '==VALUE; Path=/nameless/equals',
  'ID=VALUE; Path',
  'ID=VALUE; Path=',
  'ID=VALUE; Path=relative',
  'ID=VALUE; Path=/deep',
  'ID=VALUE; Path=/deep/',
  'ID=VALUE; Path="/"',
  'ID=VALUE; Path=/a; Path=/b',
  'ID=VALUE; Path=/a; Path=',
  'ID=VALUE; Path=/a; Path=relative',
  `ID=VALUE; Path=/${'p'.repeat(1_100)}`,
  'ID=VALUE; Domain=cookie-lines.test',
  'ID=VALUE; Domain=.cookie-lines.test',
  'ID=VALUE; Domain=..cookie-lines.test',
  'ID=VALUE; Domain=COOKIE-LINES.TEST',
  'ID=VALUE; Domain=cookie-lines.test.',
  'ID=VALUE; Domain=',
  'ID=VALUE; Domain',
  'ID=VALUE; Domain="cookie-lines.test"',
  'ID=VALUE; Domain=other.test; Domain=cookie-lines.test',
  'ID=VALUE; Domain=cookie-lines.test; Domain=',
  'ID=VALUE; Secure',
  'ID=VALUE; Secure=false; HttpOnly=no',
  'ID=VALUE;secure;HTTPONLY;samesite=STRICT',
  'ID=VALUE; SameSite=Lax; SameSite=Strict',
  'ID=VALUE; SameSite=Strict; SameSite=Sideways',
  'ID=VALUE; SameSite="Lax"',
  'ID=VALUE; Secure; SameSite=None; Partitioned',
  'ID=VALUE; SameParty; Priority=High',
  '__Host-ID=VALUE; Secure; Path=/',
  '__Secure-ID=VALUE; Secure',
  'ID=VALUE; Max-Age=3600',
  'ID=VALUE; Max-Age=+3600',
  'ID=VALUE; Max-Age=3600.9',
  'ID=VALUE; Max-Age=3600s',
  'ID=VALUE; Max-Age="3600"',
  'ID=VALUE; Max-Age=',
  'ID=VALUE; Max-Age=soon',
  'ID=VALUE; Max-Age=0',
  'ID=VALUE; Max-Age=-1',
  'ID=VALUE; Max-Age=-',
  'ID=VALUE; Max-Age=--5',
  'ID=VALUE; Max-Age=-99999999999999999999999',
  'ID=VALUE; Max-Age=0x10',
  'ID=VALUE; Max-Age=1e3',
  'ID=VALUE; Max-Age=99999999999999999999999',
  'ID=VALUE; Max-Age=10; Max-Age=3600',
  `ID=VALUE; Expires=${inAnHour.toUTCString()}`,
  `ID=VALUE; Expires=${inAnHour.toString()}`,
  `ID=VALUE; Expires=${inAnHour.toISOString()}`,
  `ID=VALUE; Expires=${inAnHour.toISOString().slice(0, 19).replace('T', ' ')}`,
  `ID=VALUE; Expires=${String(inAnHour.getTime())}`,
  `ID=VALUE; Expires="${inAnHour.toUTCString()}"`,
  `ID=VALUE; Expires=${inAnHour.toUTCString().replaceAll(' ', '-')}`,
  `ID=VALUE; Expires=${inAnHour.toUTCString().toUpperCase()}`,
  `ID=VALUE; Expires=${inAnHour.toUTCString().replace('GMT', 'PST')}`,
  `ID=VALUE; Expires=${inAnHour.toUTCString().replace('GMT', '+0000')}`,
  `ID=VALUE; Expires=${inAnHour.toLocaleDateString('en-US')}`,
  `ID=VALUE; Expires=${inAYear.toUTCString().replace(/:\d\d GMT/, ' GMT')}`,
  `ID=VALUE; Expires=${inAYear.toUTCString().replace(/ \d\d:.*/, '')}`,
  'ID=VALUE; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
  'ID=VALUE; Expires=Thu, 01-Jan-70 00:00:01 GMT',
  'ID=VALUE; Expires=Sat, 22-Nov-68 12:00:00 GMT',
  'ID=VALUE; Expires=Sat, 22-Nov-69 12:00:00 GMT',
  'ID=VALUE; Expires=Fri, 31 Dec 9999 23:59:59 GMT',
  'ID=VALUE; Expires=Fri, 31 Dec 99999 23:59:59 GMT',
  'ID=VALUE; Expires=Wed, 31 Feb 2099 23:59:59 GMT',
  'ID=VALUE; Expires=Wed, 32 Jan 2099 23:59:59 GMT',
  'ID=VALUE; Expires=Wed, 01 January 2099 1:2:3 GMT',
  'ID=VALUE; Expires=1 Jan 2099',
  'ID=VALUE; Expires=2099 Jan 1 01:02:03',
  'ID=VALUE; Expires=2099/Jan/01 01:02:03',
  'ID=VALUE; Expires=Tue 01-01-2099 Jan 01:02:03 GMT',
  'ID=VALUE; Expires=01 Jan 2099 25:00:00',
  'ID=VALUE; Expires=01 Jan 2099 01:02:03:04',
  'ID=VALUE; Expires=01 Jan 2099 01:02:03.456',
  'ID=VALUE; Expires=01 Jan 2099 T01:02:03',
  'ID=VALUE; Expires=01 Jan 2099 01:02:03Z',
  'ID=VALUE; Expires=01 Jan 2099 1:2:3',
  'ID=VALUE; Expires=01 Jan 2099 01:02:03Z 04:05:06',
  'ID=VALUE; Expires=01st Jan 2099 01:02:03',
  'ID=VALUE; Expires=1 JANUAR 2099 01:02:03',
  'ID=VALUE; Expires=1 Jan 1500 01:02:03',
  'ID=VALUE; Expires=0',
  'ID=VALUE; Expires=-1',
  'ID=VALUE; Expires=',
  'ID=VALUE; Expires=never',
  `ID=VALUE; Max-Age=soon; Expires=${inAnHour.toUTCString()}`,
  `ID=VALUE; Max-Age=0; Expires=${inAnHour.toUTCString()}`,
  'ID=VALUE; Max-Age=3600; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
].map((line, index) => line.replaceAll('ID', `id${index}`).replaceAll('VALUE', `v${index}v`));

const HOST = 'cookie-lines.test';
const URL_OF = (index: number): string => `https://${HOST}/deep/dir/${index}.gif`;

const site = testSite('cookie-lines', {
  '/': page(LINES.map((_line, index) => `<img src="/deep/dir/${index}.gif" alt="">`).join('')),
  ...Object.fromEntries(
    LINES.map((line, index) => [`/deep/dir/${index}.gif`, answer('image/gif', '', { 'set-cookie': [line] })]),
  ),
});

let web: TestWeb;
let engine: ScanEngine;
let observation: SiteObservation;

beforeAll(async () => {
  web = await startTestWeb({ extraSites: [site] });
  engine = await startTestEngine(web);
  observation = await scanSite(engine, site.url);
});
afterAll(async () => {
  await engine.close();
  await web.close();
});

function inJar(index: number): CookieObservation | undefined {
  return observation.cookies.find(({ value }) => value?.includes(`v${index}v`));
}

describe('a cookie line', () => {
  it.each(LINES.map((line, index) => [line, index] as const))(
    '%j is read as the browser reads it',
    (line, index) => {
      const { lifetimeSeconds, domain, partitioned, ...request } = parseCookieLine(
        line,
        URL_OF(index),
        Date.now(),
      );
      const cookie = inJar(index);
      const isDeletion = lifetimeSeconds !== null && lifetimeSeconds <= 0;
      const isRefused = observation.blockedCookies.some(({ url }) => url === URL_OF(index));
      expect({ stored: cookie !== undefined }).toEqual({ stored: !isDeletion && !isRefused });
      if (!cookie) return;
      expect(cookie).toMatchObject(request);
      expect({
        domain: cookie.domain,
        session: cookie.session,
        partitioned: cookie.partitionKey !== null,
      }).toEqual({
        domain: domain === null ? HOST : `.${domain}`,
        session: lifetimeSeconds === null,
        partitioned,
      });
      expect(cookie.setBy).toMatchObject({ kind: 'http', url: URL_OF(index), confidence: 'observed' });
    },
  );
});

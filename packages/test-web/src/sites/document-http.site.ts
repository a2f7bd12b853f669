import { html } from '../answers.ts';
import type { Site } from '../site.ts';
import { byHttp, cookie, DAY_SECONDS, LIFETIME_SECONDS_MAX, truth } from '../truth-builders.ts';

const PAGE = 'https://document-http.test/';
const setBy = byHttp(PAGE);
const domain = 'document-http.test';

/** Everything that one response of the document itself can do with `Set-Cookie`. */
export const documentHttp: Site = {
  name: 'document-http',
  url: PAGE,
  summary: 'The document sets several cookies with several Set-Cookie headers in one response',
  routes: {
    'document-http.test/': (exchange) => {
      const inThirtyDays = new Date(Date.now() + 30 * DAY_SECONDS * 1_000).toUTCString();
      const setCookie = [
        'sid=8c1f0b7e; Path=/; HttpOnly; Secure; SameSite=Lax',
        'theme=dark; Path=/; Max-Age=2592000; SameSite=Strict',
        `newsletter=seen; Path=/; Expires=${inThirtyDays}`,
        `both=max-age-wins; Path=/; Max-Age=3600; Expires=${inThirtyDays}`,
        'two_years=1; Path=/; Max-Age=63072000; Secure',
        'wide=1; Path=/; Domain=document-http.test',
        '__Host-csrf=f00d; Path=/; Secure; HttpOnly; SameSite=Strict',
        'already_gone=1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
      ];
      return html('<h1>Document cookies</h1>', { setCookie })(exchange);
    },
  },
  truth: truth(PAGE, {
    cookies: [
      cookie({
        name: 'sid',
        value: '8c1f0b7e',
        domain,
        setBy,
        httpOnly: true,
        secure: true,
        sameSite: 'Lax',
      }),
      cookie({ name: 'theme', value: 'dark', domain, setBy, sameSite: 'Strict', lifetimeSeconds: 2_592_000 }),
      cookie({ name: 'newsletter', value: 'seen', domain, setBy, lifetimeSeconds: 30 * DAY_SECONDS }),
      cookie({ name: 'both', value: 'max-age-wins', domain, setBy, lifetimeSeconds: 3_600 }),
      cookie({
        name: 'two_years',
        value: '1',
        domain,
        setBy,
        secure: true,
        lifetimeSeconds: LIFETIME_SECONDS_MAX,
        declaredLifetimeSeconds: 63_072_000,
      }),
      cookie({ name: 'wide', value: '1', domain: '.document-http.test', setBy }),
      cookie({
        name: '__Host-csrf',
        value: 'f00d',
        domain,
        setBy,
        httpOnly: true,
        secure: true,
        sameSite: 'Strict',
      }),
    ],
  }),
};

import { html, script } from '../answers.ts';
import type { Site } from '../site.ts';
import { byCookieStore, cookie, DAY_SECONDS, transientCookie, truth } from '../truth-builders.ts';

const PAGE = 'https://cookie-store.test/';
const EXTERNAL = 'https://cdn.test/cookie-store/consent.js';
const domain = 'cookie-store.test';

// The Cookie Store API defaults to SameSite=Strict and, on https, always sets Secure.
const INLINE_SCRIPT = `
  (async () => {
    await cookieStore.set('cs_plain', '1');
    await cookieStore.set({
      name: 'cs_full', value: '2', domain: 'cookie-store.test', path: '/', sameSite: 'lax',
      expires: Date.now() + 7 * 86400000,
    });
    await cookieStore.set('cs_short', '3');
    await cookieStore.delete('cs_short');
  })();
`;

/** Cookies of the Cookie Store API. */
export const cookieStoreSite: Site = {
  name: 'cookie-store',
  url: PAGE,
  summary: 'Scripts set and delete cookies through the Cookie Store API',
  routes: {
    'cookie-store.test/': html(
      `<h1>Cookie store</h1><script>${INLINE_SCRIPT}</script><script src="${EXTERNAL}"></script>`,
    ),
    'cdn.test/cookie-store/consent.js': script(
      "cookieStore.set({ name: 'cs_cdn', value: '4', sameSite: 'none' });",
    ),
  },
  truth: truth(PAGE, {
    cookies: [
      cookie({
        name: 'cs_plain',
        value: '1',
        domain,
        setBy: byCookieStore(PAGE),
        secure: true,
        sameSite: 'Strict',
      }),
      cookie({
        name: 'cs_full',
        value: '2',
        domain: '.cookie-store.test',
        setBy: byCookieStore(PAGE),
        secure: true,
        sameSite: 'Lax',
        lifetimeSeconds: 7 * DAY_SECONDS,
      }),
      cookie({
        name: 'cs_cdn',
        value: '4',
        domain,
        setBy: byCookieStore(EXTERNAL, [PAGE]),
        secure: true,
        sameSite: 'None',
      }),
    ],
    transientCookies: [transientCookie('cs_short', domain, byCookieStore(PAGE))],
  }),
};

import { inlineScript, json } from '../answers.ts';
import type { Site } from '../site.ts';
import { byHttp, byScript, cookie, transientCookie, truth } from '../truth-builders.ts';

const PAGE = 'https://transient.test/';
const LOGOUT = 'https://transient.test/api/logout';
const domain = 'transient.test';

const PAGE_SCRIPT = `
  document.cookie = 'js_flash=1; Path=/';
  document.cookie = 'js_flash=; Path=/; Max-Age=0';

  document.cookie = 'http_then_js=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT';
  fetch('/api/logout');

  document.cookie = 'counter=1; Path=/';
  document.cookie = 'counter=2; Path=/; Max-Age=60';
  document.cookie = 'counter=3; Path=/; Max-Age=7200; SameSite=Strict';

  setTimeout(() => { document.cookie = 'short_lived=1; Path=/'; }, 500);
  setTimeout(() => { document.cookie = 'short_lived=; Path=/; Max-Age=-1'; }, 1500);
`;

/** Cookies that come and go, and one that changes. */
export const transient: Site = {
  name: 'transient',
  url: PAGE,
  summary: 'Cookies are set and deleted again by scripts and responses; one is overwritten three times',
  routes: {
    'transient.test/': inlineScript(PAGE_SCRIPT, {
      setCookie: ['http_flash=1; Path=/; HttpOnly', 'http_then_js=1; Path=/'],
    }),
    'transient.test/api/logout': json(
      {},
      { setCookie: ['http_flash=; Path=/; HttpOnly; Max-Age=0', 'logged_out=1; Path=/'] },
    ),
  },
  truth: truth(PAGE, {
    cookies: [
      cookie({
        name: 'counter',
        value: '3',
        domain,
        setBy: byScript(PAGE),
        sameSite: 'Strict',
        lifetimeSeconds: 7_200,
      }),
      cookie({ name: 'logged_out', value: '1', domain, setBy: byHttp(LOGOUT, [PAGE]) }),
    ],
    transientCookies: [
      transientCookie('js_flash', domain, byScript(PAGE)),
      transientCookie('http_flash', domain, byHttp(PAGE)),
      { ...transientCookie('http_then_js', domain, byHttp(PAGE)), deletedBy: 'javascript' },
      transientCookie('short_lived', domain, byScript(PAGE)),
    ],
  }),
};

import { body, html, pixel, script } from '../answers.ts';
import type { Site } from '../site.ts';
import {
  byHttp,
  byScript,
  cookie,
  DAY_SECONDS,
  storage,
  thirdPartyCookie,
  truth,
} from '../truth-builders.ts';
import { SHOP_HTML } from './shop.html.ts';

const PAGE = 'https://shop.test/';
const APP = 'https://shop.test/app.js';
const ANALYTICS = 'https://metrics.test/shop/analytics.js';
const PIXEL = 'https://ads.test/shop/pixel.gif?p=home';

const APP_SCRIPT = `
  localStorage.setItem('recently-viewed', '[]');
  document.cookie = 'currency=EUR; Path=/; Max-Age=2592000; SameSite=Lax; Secure';
  setTimeout(() => { document.cookie = 'newsletter_prompt=shown; Path=/; SameSite=Lax; Secure'; }, 5000);
`;
const ANALYTICS_SCRIPT =
  "document.cookie = '_metrics_id=m-20461.778; Domain=shop.test; Path=/; Max-Age=31536000; SameSite=Lax';";

/** An ordinary shop, for demonstrations and for a first look at the scanner. */
export const shop: Site = {
  name: 'shop',
  url: PAGE,
  summary: 'An ordinary shop: session cookie, preference, analytics script, advertising pixel, a late prompt',
  routes: {
    'http://shop.test/': body('text/plain', '', { status: 301, headers: { location: PAGE } }),
    'https://shop.test/': body('text/html; charset=utf-8', SHOP_HTML, {
      setCookie: ['session=5f0c2e9a; Path=/; HttpOnly; Secure; SameSite=Lax'],
    }),
    'https://shop.test/about': html('<h1>About</h1><p><a href="/">Back to the shop</a></p>', {
      title: 'About',
    }),
    'https://shop.test/app.js': script(APP_SCRIPT),
    'metrics.test/shop/analytics.js': script(ANALYTICS_SCRIPT),
    'ads.test/shop/pixel.gif': pixel(['ad_id=a-99ce01; Path=/; SameSite=None; Secure; Max-Age=7776000']),
  },
  truth: truth(PAGE, {
    cookies: [
      cookie({
        name: 'session',
        value: '5f0c2e9a',
        domain: 'shop.test',
        setBy: byHttp(PAGE),
        httpOnly: true,
        secure: true,
        sameSite: 'Lax',
      }),
      cookie({
        name: 'currency',
        value: 'EUR',
        domain: 'shop.test',
        setBy: byScript(APP),
        secure: true,
        sameSite: 'Lax',
        lifetimeSeconds: 30 * DAY_SECONDS,
      }),
      cookie({
        name: '_metrics_id',
        value: 'm-20461.778',
        domain: '.shop.test',
        setBy: byScript(ANALYTICS, [PAGE]),
        sameSite: 'Lax',
        lifetimeSeconds: 365 * DAY_SECONDS,
      }),
      thirdPartyCookie({
        name: 'ad_id',
        value: 'a-99ce01',
        domain: 'ads.test',
        setBy: byHttp(PIXEL, [PAGE]),
        lifetimeSeconds: 90 * DAY_SECONDS,
      }),
      cookie({
        name: 'newsletter_prompt',
        value: 'shown',
        domain: 'shop.test',
        setBy: byScript(APP),
        secure: true,
        sameSite: 'Lax',
        ratherNeeds: ['late-timer'],
      }),
    ],
    storage: storage('local', 'https://shop.test', ['recently-viewed'], { setBy: byScript(APP) }),
  }),
};

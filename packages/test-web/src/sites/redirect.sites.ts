import { html, redirect } from '../answers.ts';
import type { Site } from '../site.ts';
import { byHttp, cookie, thirdPartyCookie, truth } from '../truth-builders.ts';

/** Hops of one site: http to https, then to www. */
export const redirectHop: Site = {
  name: 'redirect-hop',
  url: 'http://redirect-hop.test/',
  summary: 'Cookies are set on two 302 hops (http to https, then to www) before the landing page',
  routes: {
    'http://redirect-hop.test/': redirect('https://redirect-hop.test/', {
      setCookie: ['hop_http=1; Path=/'],
    }),
    'https://redirect-hop.test/': redirect('https://www.redirect-hop.test/home', {
      setCookie: ['hop_https=2; Path=/; Domain=redirect-hop.test; Secure; HttpOnly'],
    }),
    'https://www.redirect-hop.test/home': html('<h1>Landed</h1>', { setCookie: ['landed=3; SameSite=Lax'] }),
  },
  truth: truth('https://www.redirect-hop.test/home', {
    cookies: [
      cookie({
        name: 'hop_http',
        value: '1',
        domain: 'redirect-hop.test',
        setBy: byHttp('http://redirect-hop.test/'),
      }),
      cookie({
        name: 'hop_https',
        value: '2',
        domain: '.redirect-hop.test',
        setBy: byHttp('https://redirect-hop.test/'),
        httpOnly: true,
        secure: true,
      }),
      cookie({
        name: 'landed',
        value: '3',
        domain: 'www.redirect-hop.test',
        setBy: byHttp('https://www.redirect-hop.test/home'),
        sameSite: 'Lax',
      }),
    ],
  }),
};

/** Hop over another site, whose cookie is a third party's once the landing page is shown. */
export const redirectCrossSite: Site = {
  name: 'redirect-cross-site',
  url: 'https://redirect-start.test/go',
  summary: 'The requested site sets a cookie and redirects to another site, over a click counter of a third',
  routes: {
    'redirect-start.test/go': redirect('https://redirect-click.test/c?to=landing', {
      setCookie: ['start=1; Path=/; SameSite=Lax'],
    }),
    'redirect-click.test/c': redirect('https://redirect-landing.test/', {
      setCookie: ['click=2; Path=/; SameSite=None; Secure; Max-Age=86400'],
    }),
    'redirect-landing.test/': html('<h1>Landed elsewhere</h1>', { setCookie: ['landing=3; Path=/'] }),
  },
  truth: truth('https://redirect-landing.test/', {
    cookies: [
      cookie({
        name: 'start',
        value: '1',
        domain: 'redirect-start.test',
        setBy: byHttp('https://redirect-start.test/go'),
        sameSite: 'Lax',
        party: 'third',
      }),
      thirdPartyCookie({
        name: 'click',
        value: '2',
        domain: 'redirect-click.test',
        setBy: byHttp('https://redirect-click.test/c?to=landing'),
        lifetimeSeconds: 86_400,
      }),
      cookie({
        name: 'landing',
        value: '3',
        domain: 'redirect-landing.test',
        setBy: byHttp('https://redirect-landing.test/'),
      }),
    ],
  }),
};

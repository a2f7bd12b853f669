import type { Site } from '../site.ts';
import { byScript, cookie, DAY_SECONDS, transientCookie } from '../truth-builders.ts';
import { vendorSite } from './vendor-site.ts';

/** Real libraries that leave only what the shop asks for, or nothing at all. */
export const vendorLibraries: readonly Site[] = [
  vendorSite(
    'js-cookie',
    'js-cookie: the library sets what the shop asks for',
    `vendor.Cookies.set('cart', JSON.stringify({ items: 2 }), { expires: 7, sameSite: 'lax', secure: true });
     vendor.Cookies.set('tour', 'done');`,
    ({ host, sdk }) => ({
      cookies: [
        cookie({
          name: 'cart',
          value: '{%22items%22:2}',
          domain: host,
          setBy: byScript(sdk),
          secure: true,
          sameSite: 'Lax',
          lifetimeSeconds: 7 * DAY_SECONDS,
        }),
        cookie({ name: 'tour', value: 'done', domain: host, setBy: byScript(sdk) }),
      ],
    }),
  ),
  vendorSite(
    'fingerprintjs',
    'FingerprintJS: identifies the visitor, but leaves nothing except a probe that it removes',
    'vendor.load().then((agent) => agent.get()).then((result) => { document.title = result.visitorId; });',
    ({ host, sdk }) => ({
      transientCookies: [transientCookie('cookietest', host, byScript(sdk))],
      fingerprinters: [sdk],
    }),
  ),
  vendorSite(
    'clientjs',
    'ClientJS: identifies the visitor by canvas, fonts and properties of the browser, and leaves nothing',
    'document.title = String(new vendor.ClientJS().getFingerprint());',
    ({ sdk }) => ({ fingerprinters: [sdk] }),
  ),
  vendorSite(
    'plausible',
    'Plausible: counts visits without storing anything',
    `vendor.Plausible({ domain: 'shop.test', trackLocalhost: true, apiHost: 'https://plausible-vendor.test' })
       .trackPageview();`,
    () => ({}),
  ),
];

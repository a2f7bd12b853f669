import { html, pixel, redirect, script } from '../answers.ts';
import type { Site } from '../site.ts';
import { byHttp, DAY_SECONDS, thirdPartyCookie, truth } from '../truth-builders.ts';

const PAGE = 'https://third-party-pixel.test/';
const SYNC = 'https://tracker.test/third-party-pixel/sync.gif';
const LOADER = 'https://cdn.test/third-party-pixel/loader.js';

/** Pixels of other sites, one of them passing its user id on to a partner. */
export const thirdPartyPixel: Site = {
  name: 'third-party-pixel',
  url: PAGE,
  summary:
    'A pixel in the page, a pixel made by a third-party script, and a pixel that syncs its id with a partner',
  routes: {
    'third-party-pixel.test/': html(
      '<h1>Pixels</h1><img src="https://tracker.test/third-party-pixel/plain.gif" alt="">' +
        `<img src="${SYNC}" alt=""><script src="${LOADER}"></script>`,
    ),
    'tracker.test/third-party-pixel/plain.gif': pixel([
      'plain=p-1; SameSite=None; Secure; Path=/; Max-Age=31536000',
    ]),
    'tracker.test/third-party-pixel/sync.gif': redirect(
      'https://sync.test/third-party-pixel/match?uid=u-7f3a9c',
      {
        setCookie: ['uid=u-7f3a9c; SameSite=None; Secure; Path=/; Domain=tracker.test; Max-Age=31536000'],
      },
    ),
    'sync.test/third-party-pixel/match': pixel([
      'partner_uid=u-7f3a9c; SameSite=None; Secure; Path=/; HttpOnly',
    ]),
    'cdn.test/third-party-pixel/loader.js': script(
      "new Image().src = 'https://ads.test/third-party-pixel/made.gif?n=1';",
    ),
    'ads.test/third-party-pixel/made.gif': pixel(['made_by_script=1; SameSite=None; Secure; Path=/']),
  },
  truth: truth(PAGE, {
    cookies: [
      thirdPartyCookie({
        name: 'plain',
        value: 'p-1',
        domain: 'tracker.test',
        setBy: byHttp('https://tracker.test/third-party-pixel/plain.gif', [PAGE]),
        lifetimeSeconds: 365 * DAY_SECONDS,
      }),
      thirdPartyCookie({
        name: 'uid',
        value: 'u-7f3a9c',
        domain: '.tracker.test',
        setBy: byHttp(SYNC, [PAGE]),
        lifetimeSeconds: 365 * DAY_SECONDS,
      }),
      thirdPartyCookie({
        name: 'partner_uid',
        value: 'u-7f3a9c',
        domain: 'sync.test',
        setBy: byHttp('https://sync.test/third-party-pixel/match?uid=u-7f3a9c', [PAGE]),
        httpOnly: true,
      }),
      thirdPartyCookie({
        name: 'made_by_script',
        value: '1',
        domain: 'ads.test',
        setBy: byHttp('https://ads.test/third-party-pixel/made.gif?n=1', [LOADER]),
      }),
    ],
  }),
};

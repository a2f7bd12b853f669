import { inlineScript, json } from '../answers.ts';
import type { Site } from '../site.ts';
import { byHttp, byScript, cookie, thirdPartyCookie, truth } from '../truth-builders.ts';

const PAGE = 'https://leaving.test/';
const BEACON = 'https://tracker.test/leaving/beacon';
const domain = 'leaving.test';
const ratherNeeds = ['leave'] as const;

const PAGE_SCRIPT = `
  addEventListener('pagehide', () => {
    navigator.sendBeacon('/beacon', 'bye');
    navigator.sendBeacon('${BEACON}', 'bye');
    fetch('/keepalive', { method: 'POST', keepalive: true, body: 'bye' });
    document.cookie = 'left_js=4; Path=/; Max-Age=3600';
  });
`;

/** What a page does when its visitor goes. */
export const leaving: Site = {
  name: 'leaving',
  url: PAGE,
  summary:
    'On pagehide the page sends beacons and a keep-alive fetch, whose responses set cookies, and sets one itself',
  routes: {
    'leaving.test/': inlineScript(PAGE_SCRIPT),
    'leaving.test/beacon': json({}, { setCookie: ['beacon_own=1; Path=/'] }),
    'leaving.test/keepalive': json({}, { setCookie: ['keepalive=3; Path=/; HttpOnly'] }),
    'tracker.test/leaving/beacon': json({}, { setCookie: ['beacon_third=2; Path=/; SameSite=None; Secure'] }),
  },
  truth: truth(PAGE, {
    cookies: [
      cookie({
        name: 'beacon_own',
        value: '1',
        domain,
        setBy: byHttp('https://leaving.test/beacon'),
        ratherNeeds,
      }),
      thirdPartyCookie({
        name: 'beacon_third',
        value: '2',
        domain: 'tracker.test',
        setBy: byHttp(BEACON),
        ratherNeeds,
      }),
      cookie({
        name: 'keepalive',
        value: '3',
        domain,
        setBy: byHttp('https://leaving.test/keepalive'),
        httpOnly: true,
        ratherNeeds,
      }),
      cookie({
        name: 'left_js',
        value: '4',
        domain,
        setBy: byScript(PAGE),
        lifetimeSeconds: 3_600,
        ratherNeeds,
      }),
    ],
  }),
};

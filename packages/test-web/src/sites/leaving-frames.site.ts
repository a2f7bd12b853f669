import { after, html, inlineScript, json } from '../answers.ts';
import type { Site } from '../site.ts';
import { byHttp, byScript, cookie, thirdPartyCookie, truth } from '../truth-builders.ts';

const PAGE = 'https://leaving-frames.test/';
const OWN_FRAME = 'https://leaving-frames.test/frame';
const OWN_BEACON = 'https://leaving-frames.test/frame-beacon';
const AD_FRAME = 'https://widget.test/leaving-frames/';
const AD_BEACON = 'https://widget.test/leaving-frames/beacon';
const SLOW_BEACON = 'https://tracker.test/leaving-frames/beacon';
const domain = 'leaving-frames.test';
const ratherNeeds = ['leave'] as const;

const farewell = (cookieLine: string, beacon: string): string => `
  addEventListener('pagehide', () => {
    document.cookie = '${cookieLine}';
    navigator.sendBeacon('${beacon}', 'bye');
  });
`;

/** Frames that say farewell too, and a beacon whose answer takes longer than a browser waits for a closed page. */
export const leavingFrames: Site = {
  name: 'leaving-frames',
  url: PAGE,
  summary:
    'On pagehide two frames, one of another site, set cookies and send beacons; the page sends one to a slow server',
  routes: {
    'leaving-frames.test/': html(
      `<h1>Leaving</h1><iframe src="/frame"></iframe><iframe src="${AD_FRAME}"></iframe>` +
        `<script>addEventListener('pagehide', () => { navigator.sendBeacon('${SLOW_BEACON}'); });</script>`,
    ),
    'leaving-frames.test/frame': inlineScript(farewell('own_js=1; Path=/', '/frame-beacon')),
    'leaving-frames.test/frame-beacon': json({}, { setCookie: ['own_http=2; Path=/'] }),
    'widget.test/leaving-frames/': inlineScript(
      farewell('ad_js=3; Path=/; SameSite=None; Secure', AD_BEACON),
    ),
    'widget.test/leaving-frames/beacon': json(
      {},
      { setCookie: ['ad_http=4; Path=/; SameSite=None; Secure'] },
    ),
    'tracker.test/leaving-frames/beacon': after(
      1_200,
      json({}, { setCookie: ['slow=5; Path=/; SameSite=None; Secure'] }),
    ),
  },
  truth: truth(PAGE, {
    cookies: [
      cookie({ name: 'own_js', value: '1', domain, setBy: byScript(OWN_FRAME, [PAGE]), ratherNeeds }),
      cookie({ name: 'own_http', value: '2', domain, setBy: byHttp(OWN_BEACON, [OWN_FRAME]), ratherNeeds }),
      thirdPartyCookie({
        name: 'ad_js',
        value: '3',
        domain: 'widget.test',
        setBy: byScript(AD_FRAME, [PAGE]),
        ratherNeeds,
      }),
      thirdPartyCookie({
        name: 'ad_http',
        value: '4',
        domain: 'widget.test',
        setBy: byHttp(AD_BEACON, [AD_FRAME]),
        ratherNeeds,
      }),
      thirdPartyCookie({
        name: 'slow',
        value: '5',
        domain: 'tracker.test',
        setBy: byHttp(SLOW_BEACON, [PAGE]),
        ratherNeeds,
      }),
    ],
  }),
};

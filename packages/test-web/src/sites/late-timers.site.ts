import { html, inlineScript, pixel } from '../answers.ts';
import type { Site } from '../site.ts';
import { byHttp, byScript, cookie, thirdPartyCookie, truth } from '../truth-builders.ts';

const PAGE = 'https://late-timers.test/';
const FRAME = 'https://widget.test/late-timers/';
const PIXEL = 'https://tracker.test/late-timers/pixel.gif';
const domain = 'late-timers.test';
const ratherNeeds = ['late-timer'] as const;

const PAGE_SCRIPT = `
  const later = (ms, work) => setTimeout(work, ms);
  later(4000, () => { document.cookie = 'after_4s=1; Path=/'; });
  later(10000, () => { document.cookie = 'after_10s=1; Path=/'; });
  later(12000, () => { new Image().src = '${PIXEL}'; });
  later(25000, () => { document.cookie = 'after_25s=1; Path=/'; });
  let ticks = 0;
  const interval = setInterval(() => {
    ticks += 1;
    if (ticks < 7) return;
    clearInterval(interval);
    document.cookie = 'after_7_ticks=1; Path=/';
  }, 1000);
`;
const FRAME_SCRIPT =
  "setTimeout(() => { document.cookie = 'frame_after_8s=1; Path=/; SameSite=None; Secure'; }, 8000);";

/** Cookies that a scan misses when it stops once the network is idle. */
export const lateTimers: Site = {
  name: 'late-timers',
  url: PAGE,
  summary:
    'Timers set cookies 4, 7, 10 and 25 s after load, load a pixel after 12 s, and fire in a cross-site frame after 8 s',
  routes: {
    'late-timers.test/': html(
      `<h1>Later</h1><iframe src="${FRAME}"></iframe><script>${PAGE_SCRIPT}</script>`,
    ),
    'widget.test/late-timers/': inlineScript(FRAME_SCRIPT),
    'tracker.test/late-timers/pixel.gif': pixel(['after_12s=1; Path=/; SameSite=None; Secure']),
  },
  truth: truth(PAGE, {
    cookies: [
      cookie({ name: 'after_4s', value: '1', domain, setBy: byScript(PAGE), ratherNeeds }),
      cookie({ name: 'after_7_ticks', value: '1', domain, setBy: byScript(PAGE), ratherNeeds }),
      cookie({ name: 'after_10s', value: '1', domain, setBy: byScript(PAGE), ratherNeeds }),
      thirdPartyCookie({
        name: 'after_12s',
        value: '1',
        domain: 'tracker.test',
        setBy: byHttp(PIXEL, [PAGE]),
        ratherNeeds,
      }),
      cookie({ name: 'after_25s', value: '1', domain, setBy: byScript(PAGE), ratherNeeds }),
      thirdPartyCookie({
        name: 'frame_after_8s',
        value: '1',
        domain: 'widget.test',
        setBy: byScript(FRAME),
        ratherNeeds: ['late-timer', 'cross-site-frame'],
      }),
    ],
  }),
};

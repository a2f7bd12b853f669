import { html, pixel } from '../answers.ts';
import type { Site } from '../site.ts';
import { byHttp, byScript, cookie, thirdPartyCookie, truth } from '../truth-builders.ts';

const PAGE = 'https://interaction.test/';
const PIXEL = 'https://tracker.test/interaction/first-touch.gif';
const domain = 'interaction.test';
const ratherNeeds = ['interaction'] as const;

// Headless Chromium makes up a trusted mouse move to 0,0 on load; nobody's hand did that.
const PAGE_SCRIPT = `
  const once = { once: true };
  addEventListener('scroll', () => { document.cookie = 'after_scroll=1; Path=/'; }, once);
  addEventListener('mousemove', function move(event) {
    if (!event.isTrusted || (event.clientX === 0 && event.clientY === 0)) return;
    removeEventListener('mousemove', move);
    document.cookie = 'after_mouse=1; Path=/';
    new Image().src = '${PIXEL}';
  });
  addEventListener('keydown', (event) => { if (event.isTrusted) document.cookie = 'after_key=1; Path=/'; }, once);
`;

/** Scripts that wait for a person. They trust only events of the browser, not those that a script makes. */
export const interaction: Site = {
  name: 'interaction',
  url: PAGE,
  summary: 'Cookies are set on the first scroll, the first mouse move and the first key press',
  routes: {
    'interaction.test/': html(
      `<h1>Touch me</h1><div style="height:5000px"></div><script>${PAGE_SCRIPT}</script>`,
    ),
    'tracker.test/interaction/first-touch.gif': pixel(['first_touch=1; Path=/; SameSite=None; Secure']),
  },
  truth: truth(PAGE, {
    cookies: [
      cookie({ name: 'after_scroll', value: '1', domain, setBy: byScript(PAGE), ratherNeeds }),
      cookie({ name: 'after_mouse', value: '1', domain, setBy: byScript(PAGE), ratherNeeds }),
      cookie({ name: 'after_key', value: '1', domain, setBy: byScript(PAGE), ratherNeeds }),
      thirdPartyCookie({
        name: 'first_touch',
        value: '1',
        domain: 'tracker.test',
        setBy: byHttp(PIXEL, [PAGE]),
        ratherNeeds,
      }),
    ],
  }),
};

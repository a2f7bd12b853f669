import { html } from '../answers.ts';
import type { Site } from '../site.ts';
import { byHttp, byScript, cookie, thirdPartyCookie, truth } from '../truth-builders.ts';

const PAGE = 'https://nested-frames.test/';
const MIDDLE = 'https://widget.test/nested-frames/middle';
const INNER = 'https://nested-frames.test/inner';
const DEEP = 'https://ads.test/nested-frames/deep';

const ratherNeeds = ['cross-site-frame'] as const;

/** Frames in frames: a third party's, the page's own inside it, and another third party's at the bottom. */
export const nestedFrames: Site = {
  name: 'nested-frames',
  url: PAGE,
  summary: 'A cross-site frame holds a frame of the page itself and a frame of another site; all set cookies',
  routes: {
    'nested-frames.test/': html(`<h1>Nested</h1><iframe src="${MIDDLE}"></iframe>`),
    'widget.test/nested-frames/middle': html(
      `<iframe src="${INNER}"></iframe><iframe src="${DEEP}"></iframe>`,
      {
        setCookie: ['middle=1; Path=/; SameSite=None; Secure'],
      },
    ),
    'nested-frames.test/inner': html(
      "<script>document.cookie = 'inner_js=2; Path=/; SameSite=None; Secure';</script>",
      {
        setCookie: ['inner_http=3; Path=/; SameSite=None; Secure', 'inner_lax=4; Path=/; SameSite=Lax'],
      },
    ),
    'ads.test/nested-frames/deep': html(
      "<script>document.cookie = 'deep_js=5; Path=/; SameSite=None; Secure; Partitioned';</script>",
      { setCookie: ['deep_http=6; Path=/; SameSite=None; Secure; HttpOnly'] },
    ),
  },
  truth: truth(PAGE, {
    cookies: [
      thirdPartyCookie({
        name: 'middle',
        value: '1',
        domain: 'widget.test',
        setBy: byHttp(MIDDLE, [PAGE]),
        ratherNeeds,
      }),
      cookie({
        name: 'inner_js',
        value: '2',
        domain: 'nested-frames.test',
        setBy: byScript(INNER),
        sameSite: 'None',
        secure: true,
        ratherNeeds,
      }),
      cookie({
        name: 'inner_http',
        value: '3',
        domain: 'nested-frames.test',
        setBy: byHttp(INNER),
        sameSite: 'None',
        secure: true,
        ratherNeeds,
      }),
      thirdPartyCookie({
        name: 'deep_js',
        value: '5',
        domain: 'ads.test',
        setBy: byScript(DEEP),
        partitionKey: 'https://nested-frames.test',
        ratherNeeds,
      }),
      thirdPartyCookie({
        name: 'deep_http',
        value: '6',
        domain: 'ads.test',
        setBy: byHttp(DEEP),
        httpOnly: true,
        ratherNeeds,
      }),
    ],
    blockedCookies: [
      { name: 'inner_lax', url: INNER, reasons: ['SameSiteLax', 'SchemefulSameSiteLax'], announced: true },
    ],
  }),
};

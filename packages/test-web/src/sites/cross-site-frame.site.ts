import { html, inlineScript } from '../answers.ts';
import type { Site } from '../site.ts';
import { byHttp, byScript, thirdPartyCookie, truth } from '../truth-builders.ts';

const PAGE = 'https://cross-site-frame.test/';
const FRAME = 'https://widget.test/cross-site-frame/';
const partitionKey = 'https://cross-site-frame.test';
const common = { domain: 'widget.test', ratherNeeds: ['cross-site-frame'] } as const;

const FRAME_SCRIPT = `
  document.cookie = 'frame_js=1; Path=/; SameSite=None; Secure';
  document.cookie = 'part_js=2; Path=/; SameSite=None; Secure; Partitioned';
  document.cookie = 'twin_js=plain; Path=/; SameSite=None; Secure';
  document.cookie = 'twin_js=partitioned; Path=/; SameSite=None; Secure; Partitioned';
`;

/** A frame of another site with ordinary and partitioned cookies, some of them sharing name, domain and path. */
export const crossSiteFrame: Site = {
  name: 'cross-site-frame',
  url: PAGE,
  summary:
    'A cross-site iframe sets HTTP and JavaScript cookies, partitioned and not, partly under the same names',
  routes: {
    'cross-site-frame.test/': html(`<h1>Frame</h1><iframe src="${FRAME}"></iframe>`),
    'widget.test/cross-site-frame/': inlineScript(FRAME_SCRIPT, {
      setCookie: [
        'frame_http=1; Path=/; SameSite=None; Secure',
        '__Host-part_http=2; Path=/; SameSite=None; Secure; HttpOnly; Partitioned',
        'twin_http=plain; Path=/; SameSite=None; Secure',
        'twin_http=partitioned; Path=/; SameSite=None; Secure; Partitioned; Max-Age=3600',
      ],
    }),
  },
  truth: truth(PAGE, {
    cookies: [
      thirdPartyCookie({ ...common, name: 'frame_http', value: '1', setBy: byHttp(FRAME, [PAGE]) }),
      thirdPartyCookie({
        ...common,
        name: '__Host-part_http',
        value: '2',
        setBy: byHttp(FRAME, [PAGE]),
        httpOnly: true,
        partitionKey,
      }),
      thirdPartyCookie({ ...common, name: 'twin_http', value: 'plain', setBy: byHttp(FRAME, [PAGE]) }),
      thirdPartyCookie({
        ...common,
        name: 'twin_http',
        value: 'partitioned',
        setBy: byHttp(FRAME, [PAGE]),
        lifetimeSeconds: 3_600,
        partitionKey,
      }),
      thirdPartyCookie({ ...common, name: 'frame_js', value: '1', setBy: byScript(FRAME) }),
      thirdPartyCookie({ ...common, name: 'part_js', value: '2', setBy: byScript(FRAME), partitionKey }),
      thirdPartyCookie({ ...common, name: 'twin_js', value: 'plain', setBy: byScript(FRAME) }),
      thirdPartyCookie({
        ...common,
        name: 'twin_js',
        value: 'partitioned',
        setBy: byScript(FRAME),
        partitionKey,
      }),
    ],
  }),
};

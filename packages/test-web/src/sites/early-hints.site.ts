import { after, html, script, body } from '../answers.ts';
import type { Answer, Site } from '../site.ts';
import { blocked, byHttp, cookie, thirdPartyCookie, truth } from '../truth-builders.ts';

const HOST = 'early-hints.test';
const PAGE = `https://${HOST}/`;
const STYLE = `${PAGE}style.css`;
const SCRIPT = 'https://hinted.test/early-hints/unused.js';
const LINKS = [`<${STYLE}>; rel=preload; as=style`, `<${SCRIPT}>; rel=preload; as=script`];

/** Sends early hints, and the answer some time later. */
function hinting(answer: Answer): Answer {
  const later = after(100, answer);
  return async (exchange) => {
    exchange.response.writeEarlyHints({ link: LINKS, 'set-cookie': 'early=1; Path=/' });
    await later(exchange);
  };
}

/** What a server says before it answers: links that are followed at once, and a cookie that nobody keeps. */
export const earlyHints: Site = {
  name: 'early-hints',
  url: PAGE,
  summary:
    'Early hints (103) over HTTP/2: resources that they name set cookies, their own cookie is passed over',
  http2Hosts: [HOST, 'hinted.test'],
  routes: {
    [`${HOST}/`]: hinting(
      html('<h1>Hints</h1>', {
        head: '<link rel="stylesheet" href="/style.css">',
        setCookie: ['final=1; Path=/'],
      }),
    ),
    [`${HOST}/style.css`]: body('text/css', 'h1 { margin: 0 }', { setCookie: ['style=1; Path=/'] }),
    'hinted.test/early-hints/unused.js': script('', {
      setCookie: ['hinted=1; Path=/; SameSite=None; Secure'],
    }),
  },
  truth: truth(PAGE, {
    cookies: [
      cookie({ name: 'final', value: '1', domain: HOST, setBy: byHttp(PAGE) }),
      cookie({ name: 'style', value: '1', domain: HOST, setBy: byHttp(STYLE, [PAGE]) }),
      thirdPartyCookie({ name: 'hinted', value: '1', domain: 'hinted.test', setBy: byHttp(SCRIPT, [PAGE]) }),
    ],
    // As a pattern, because no client that asks for the address sees it with the answer.
    blockedCookies: [blocked('early', /^https:\/\/early-hints\.test\/$/, 'EarlyHints')],
  }),
};

import { html, inlineScript, json } from '../answers.ts';
import type { Answer, Site } from '../site.ts';
import { byHttp, byScript, cookie, outcome, truth } from '../truth-builders.ts';

/** Cookie that every page here sets 3 s after its script ran, while the network is still busy. */
const LATE = "setTimeout(() => { document.cookie = 'late=1; Path=/'; }, 3000);";

/** Sends a header and then a little now and then, for ever. */
function drip(contentType: string, chunk: string): Answer {
  return ({ response }) => {
    response.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-store' });
    response.write(chunk);
    const timer = setInterval(() => response.write(chunk), 1_000);
    response.once('close', () => clearInterval(timer));
  };
}

function busySite(name: string, summary: string, page: string, more: Pick<Site, 'routes' | 'sockets'>): Site {
  const domain = `${name}.test`;
  const url = `https://${domain}/`;
  const late = cookie({
    name: 'late',
    value: '1',
    domain,
    setBy: byScript(url),
    ratherNeeds: ['late-timer', 'robustness'],
  });
  const first = cookie({
    name: 'first',
    value: '1',
    domain,
    setBy: byHttp(url),
    ratherNeeds: ['robustness'],
  });
  return {
    name,
    url,
    summary,
    ...more,
    routes: {
      [`${domain}/`]: html(`<h1>Busy</h1>${page}<script>${LATE}</script>`, {
        setCookie: ['first=1; Path=/'],
      }),
      ...more.routes,
    },
    truth: truth(url, { outcome: outcome(['success', 'partial'], [url], [200]), cookies: [first, late] }),
  };
}

const CHAIN = 'https://meta-refresh.test';

/** Pages whose network is never at rest, and pages that lead on by themselves. */
export const robustNetwork: readonly Site[] = [
  busySite(
    'never-idle',
    'The page polls five times a second and keeps a WebSocket open',
    `<script>
      const poll = () => fetch('/poll').then((r) => r.text()).finally(() => setTimeout(poll, 200));
      poll();
      new WebSocket('wss://never-idle.test/ticks');
    </script>`,
    {
      routes: { 'never-idle.test/poll': json({ news: 0 }) },
      sockets: {
        'never-idle.test/ticks': {
          setCookie: [],
          talk: (socket) => {
            const timer = setInterval(() => socket.send('tick'), 500);
            socket.once('close', () => clearInterval(timer));
          },
        },
      },
    },
  ),
  busySite(
    'event-stream',
    'The page listens to an endless stream of server-sent events',
    "<script>new EventSource('/events');</script>",
    { routes: { 'event-stream.test/events': drip('text/event-stream', 'data: tick\n\n') } },
  ),
  busySite(
    'unread-body',
    'The page fetches an endless body and never reads it',
    "<script>fetch('/endless').then(() => {});</script>",
    { routes: { 'unread-body.test/endless': drip('application/octet-stream', 'x'.repeat(1_000)) } },
  ),
  busySite(
    'hanging-image',
    'An image of the page is never answered, so that load never fires',
    '<img src="/hangs.gif" alt="">',
    { routes: { 'hanging-image.test/hangs.gif': () => undefined } },
  ),
  {
    name: 'meta-refresh',
    url: `${CHAIN}/one`,
    summary: 'The page leads on by meta refresh, then by script, and each page sets a cookie',
    routes: {
      'meta-refresh.test/one': html('<h1>One</h1>', {
        head: '<meta http-equiv="refresh" content="0;url=/two">',
        setCookie: ['one=1; Path=/'],
      }),
      'meta-refresh.test/two': inlineScript("location.replace('/three');", { setCookie: ['two=2; Path=/'] }),
      'meta-refresh.test/three': html('<h1>Three</h1>', { setCookie: ['three=3; Path=/'] }),
    },
    truth: truth(`${CHAIN}/three`, {
      cookies: ['one', 'two', 'three'].map((name, index) =>
        cookie({
          name,
          value: String(index + 1),
          domain: 'meta-refresh.test',
          setBy: byHttp(`${CHAIN}/${name}`),
        }),
      ),
    }),
  },
];

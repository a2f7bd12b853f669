import { html, redirect } from '../answers.ts';
import type { Site } from '../site.ts';
import { byHttp, byScript, cookie, outcome, truth } from '../truth-builders.ts';

const PAGE = 'http://private-reach.test/';
const HOSTS = ['127.0.0.1', 'localhost', '[::1]', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]', '0.0.0.0'];

/** Tries every way in which a page can make its visitor's browser connect to `hosts`. */
function reachScript(port: number): string {
  const hosts = [...HOSTS.map((host) => `${host}:${port}`), '169.254.169.254', '10.0.0.1', '192.168.0.1'];
  return `
    const add = (tag, attributes) => document.body.append(Object.assign(document.createElement(tag), attributes));
    const attempt = (work) => { try { work(); } catch { /* the next way */ } };
    for (const host of ${JSON.stringify(hosts)}) {
      const url = 'http://' + host + '/private';
      attempt(() => { new Image().src = url; });
      attempt(() => { fetch(url, { mode: 'no-cors', credentials: 'include' }).catch(() => {}); });
      attempt(() => { navigator.sendBeacon(url, 'x'); });
      attempt(() => { new WebSocket('ws://' + host + '/private'); });
      attempt(() => { new EventSource(url); });
      attempt(() => { add('iframe', { src: url }); });
      attempt(() => { add('script', { src: url }); });
      attempt(() => { add('link', { rel: 'stylesheet', href: url }); });
      attempt(() => { add('link', { rel: 'preconnect', href: url }); });
      attempt(() => { add('link', { rel: 'prefetch', href: url }); });
      attempt(() => { add('video', { src: url, preload: 'auto' }); });
      attempt(() => { add('object', { data: url }); });
      attempt(() => {
        const code = 'fetch(' + JSON.stringify(url) + ', { mode: "no-cors" }).catch(() => {})';
        new Worker(URL.createObjectURL(new Blob([code])));
      });
      attempt(() => { window.open(url); });
    }
    attempt(() => {
      const peer = new RTCPeerConnection({ iceServers: [{ urls: 'stun:127.0.0.1:${port}' }] });
      peer.createDataChannel('x');
      peer.createOffer().then((offer) => peer.setLocalDescription(offer));
    });
    document.cookie = 'tried=1; Path=/';
  `;
}

const START = 'https://private-redirect.test/';

/** Attempts to reach the scanner's own network; success would show in `privateConnectionCount()`. */
export const privateReach: readonly Site[] = [
  {
    name: 'private-reach',
    url: PAGE,
    summary: 'The page tries to reach loopback, link-local and private addresses in every way a page can',
    routes: {
      'http://private-reach.test/': (exchange) =>
        html(`<h1>Reaching</h1><script>${reachScript(exchange.web.privatePort)}</script>`)(exchange),
    },
    truth: truth(PAGE, {
      outcome: outcome(['success', 'partial'], [PAGE], [200]),
      cookies: [
        cookie({
          name: 'tried',
          value: '1',
          domain: 'private-reach.test',
          setBy: byScript(PAGE),
          ratherNeeds: ['robustness'],
        }),
      ],
    }),
  },
  {
    name: 'private-redirect',
    url: START,
    summary: 'The site redirects to a private address, setting a cookie on the way',
    routes: {
      'private-redirect.test/': redirect(({ web }) => `http://127.0.0.1:${web.privatePort}/private`, {
        setCookie: ['hop=1; Path=/'],
      }),
    },
    truth: truth(START, {
      outcome: outcome(['blocked', 'failed'], [null], [302, null]),
      cookies: [
        cookie({
          name: 'hop',
          value: '1',
          domain: 'private-redirect.test',
          setBy: byHttp(START),
          ratherNeeds: ['robustness'],
        }),
      ],
    }),
  },
];

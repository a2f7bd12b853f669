import { inlineScript } from '../answers.ts';
import type { Site } from '../site.ts';
import { byHttp, cookie, thirdPartyCookie, truth } from '../truth-builders.ts';

const PAGE = 'https://web-socket.test/';
const OWN = 'wss://web-socket.test/live';
const OTHER = 'wss://tracker.test/web-socket/stream';

/** Cookies in the response to a WebSocket handshake. */
export const webSocket: Site = {
  name: 'web-socket',
  url: PAGE,
  summary: 'WebSocket handshakes, own and third-party, set cookies',
  routes: { 'web-socket.test/': inlineScript(`new WebSocket('${OWN}'); new WebSocket('${OTHER}');`) },
  sockets: {
    'web-socket.test/live': {
      setCookie: ['ws_own=1; Path=/; HttpOnly; SameSite=Lax'],
      talk: (socket) => socket.send('hello'),
    },
    'tracker.test/web-socket/stream': {
      setCookie: ['ws_third=2; Path=/; SameSite=None; Secure'],
      talk: (socket) => socket.close(),
    },
  },
  truth: truth(PAGE, {
    cookies: [
      cookie({
        name: 'ws_own',
        value: '1',
        domain: 'web-socket.test',
        setBy: byHttp(OWN),
        httpOnly: true,
        sameSite: 'Lax',
      }),
      thirdPartyCookie({ name: 'ws_third', value: '2', domain: 'tracker.test', setBy: byHttp(OTHER) }),
    ],
  }),
};

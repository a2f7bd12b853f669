import { createHash } from 'node:crypto';
import { html, inlineScript, json, pixel, redirect } from '../answers.ts';
import type { Site } from '../site.ts';
import { byHttp, byScript, cookie, thirdPartyCookie, truth } from '../truth-builders.ts';

const SYNC_PAGE = 'https://cookie-sync.test/';
const TRACKER_ID = '7f3c9a1e5b8d4620a9e1c4f7';
const FLAGS = 'SameSite=None; Secure; Path=/';

/** Two trackers tell each other under which identifiers they know the visitor. */
const cookieSync: Site = {
  name: 'cookie-sync',
  url: SYNC_PAGE,
  summary:
    'A pixel sets an identifier and redirects to a partner with it, who keeps it under a name of its own',
  routes: {
    'cookie-sync.test/': html(
      '<h1>Shop</h1><img src="https://px.sync-tracker.test/p.gif" width="1" height="1" alt="">',
      { setCookie: ['theme=dark-blue-contrast; Path=/'] },
    ),
    'px.sync-tracker.test/p.gif': redirect(
      `https://sync-partner.test/match?uid=${TRACKER_ID}&theme=dark-blue-contrast`,
      { setCookie: [`tid=${TRACKER_ID}; ${FLAGS}`] },
    ),
    'sync-partner.test/match': pixel([`partner_of=tracker.${TRACKER_ID}; ${FLAGS}`]),
  },
  truth: truth(SYNC_PAGE, {
    cookies: [
      cookie({
        name: 'theme',
        value: 'dark-blue-contrast',
        domain: 'cookie-sync.test',
        setBy: byHttp(SYNC_PAGE),
      }),
      thirdPartyCookie({
        name: 'tid',
        value: TRACKER_ID,
        domain: 'px.sync-tracker.test',
        setBy: byHttp('https://px.sync-tracker.test/p.gif', [SYNC_PAGE]),
      }),
      thirdPartyCookie({
        name: 'partner_of',
        value: `tracker.${TRACKER_ID}`,
        domain: 'sync-partner.test',
        setBy: byHttp(/^https:\/\/sync-partner\.test\/match/, ['https://px.sync-tracker.test/p.gif']),
      }),
    ],
    transfers: [
      {
        fromHost: 'px.sync-tracker.test',
        toHost: 'sync-partner.test',
        carriedBy: 'redirect',
        encoding: 'plain',
        fromCookie: 'tid',
        toCookie: 'partner_of',
      },
    ],
  }),
};

const PAGE = 'https://identifier-sender.test/';
const HOST = 'identifier-sender.test';
const VISITOR_ID = '0b9d6f2c-4e1a-47d3-9c58-1f7e2a60d4b3';
const CLIENT_ID = 'GA1.1.1983745620.1764230400';
const SHA256 = createHash('sha256').update(VISITOR_ID).digest('hex');
const COLLECTOR = 'https://collect.identifier-collector.test';

const SENDER = `
  document.cookie = 'vid=${VISITOR_ID}; Path=/';
  document.cookie = '_ga=${CLIENT_ID}; Path=/';
  document.cookie = 'lang=en-US; Path=/';
  const collector = '${COLLECTOR}';
  fetch(collector + '/query?lang=en-US&cid=' + '${CLIENT_ID}'.slice(6), { mode: 'no-cors' });
  fetch(collector + '/hashed?h=${SHA256}', { mode: 'no-cors' });
  fetch(collector + '/path/${VISITOR_ID}/hit', { mode: 'no-cors' });
  fetch(collector + '/body', { method: 'POST', mode: 'no-cors', body: JSON.stringify({ user: { id: '${VISITOR_ID}' } }) });
  navigator.sendBeacon(collector + '/beacon', new URLSearchParams({ id: btoa('${VISITOR_ID}') }));
  fetch('https://api.${HOST}/own?vid=${VISITOR_ID}', { mode: 'no-cors' });
  new WebSocket('wss://collect.identifier-collector.test/live').onopen = (event) =>
    event.target.send(JSON.stringify({ hello: '${VISITOR_ID}' }));
  history.replaceState(null, '', '/?visitor=${VISITOR_ID}');
  const image = new Image();
  image.referrerPolicy = 'unsafe-url';
  image.src = collector + '/pixel.gif';
`;

function sent(
  carriedBy: 'query' | 'path' | 'body' | 'referer' | 'websocket',
  encoding: 'plain' | 'sha256' | 'base64' = 'plain',
  fromCookie = 'vid',
): NonNullable<Site['truth']['transfers']>[number] {
  const toHost = 'collect.identifier-collector.test';
  return { fromHost: HOST, toHost, carriedBy, encoding, fromCookie, toCookie: null };
}

/** A script hands the page's own identifiers to another site in every way there is. */
const identifierSender: Site = {
  name: 'identifier-sender',
  url: PAGE,
  summary:
    'A script sends identifiers of the page to another site: in query, path, body, beacon, socket and Referer, plain and hashed',
  routes: {
    [`${HOST}/`]: inlineScript(SENDER),
    [`api.${HOST}/own`]: json({}),
    'collect.identifier-collector.test/*': json({}),
  },
  sockets: { 'collect.identifier-collector.test/live': { setCookie: [], talk: () => undefined } },
  truth: truth(`${PAGE}?visitor=${VISITOR_ID}`, {
    cookies: [
      ['vid', VISITOR_ID],
      ['_ga', CLIENT_ID],
      ['lang', 'en-US'],
    ].map(([name = '', value = '']) => cookie({ name, value, domain: HOST, setBy: byScript(PAGE) })),
    transfers: [
      sent('query', 'plain', '_ga'),
      sent('query', 'sha256'),
      sent('path'),
      sent('body'),
      sent('body', 'base64'),
      sent('websocket'),
      sent('referer'),
    ],
  }),
};

/** Sites that hand identifiers on. */
export const identifierTransfers: readonly Site[] = [cookieSync, identifierSender];

import { body, inlineScript } from '../answers.ts';
import type { Answer, Site } from '../site.ts';
import { byHttp, cookie, thirdPartyCookie, truth } from '../truth-builders.ts';

const PAGE = 'https://answer-kinds.test/';
const API = 'https://api.answer-kinds-partner.test';

/** CORS for the page, with credentials, on top of what the answer is about. */
function forPage(headers: Record<string, string>, setCookie: readonly string[] = []): Answer {
  return body('text/plain', 'x', {
    setCookie,
    headers: {
      'access-control-allow-origin': PAGE.slice(0, -1),
      'access-control-allow-credentials': 'true',
      'access-control-allow-headers': 'x-test',
      'access-control-allow-methods': 'PUT',
      ...headers,
    },
  });
}

const preflighted: Answer = (exchange) =>
  exchange.request.method === 'OPTIONS'
    ? forPage({}, ['by_preflight=1; SameSite=None; Secure'])(exchange)
    : forPage({}, ['after_preflight=1; SameSite=None; Secure'])(exchange);

/** Answers that set cookies, that do not count, and that take them away again. */
export const answerKinds: Site = {
  name: 'answer-kinds',
  url: PAGE,
  summary:
    'A preflight and a request without credentials set nothing; Clear-Site-Data takes away what an answer had set',
  routes: {
    'answer-kinds.test/': inlineScript(`
      fetch('${API}/preflighted', { method: 'PUT', credentials: 'include', headers: { 'x-test': '1' } });
      fetch('${API}/uncredentialed', { credentials: 'omit' });
      fetch('${API}/set', { credentials: 'include' })
        .then((answer) => answer.text())
        .then(() => fetch('https://cleared-partner.test/set', { credentials: 'include' }))
        .then((answer) => answer.text())
        .then(() => fetch('https://cleared-partner.test/clear', { credentials: 'include' }));
    `),
    'api.answer-kinds-partner.test/preflighted': preflighted,
    'api.answer-kinds-partner.test/uncredentialed': forPage({}, [
      'without_credentials=1; SameSite=None; Secure',
    ]),
    'api.answer-kinds-partner.test/set': forPage({}, ['kept=1; SameSite=None; Secure']),
    'cleared-partner.test/set': forPage({}, ['cleared=1; Path=/; SameSite=None; Secure']),
    'cleared-partner.test/clear': forPage({ 'clear-site-data': '"cookies"' }),
  },
  truth: truth(PAGE, {
    cookies: [
      thirdPartyCookie({
        name: 'after_preflight',
        value: '1',
        domain: 'api.answer-kinds-partner.test',
        setBy: byHttp(`${API}/preflighted`),
      }),
      thirdPartyCookie({
        name: 'kept',
        value: '1',
        domain: 'api.answer-kinds-partner.test',
        setBy: byHttp(`${API}/set`),
      }),
    ],
    transientCookies: [
      {
        name: 'cleared',
        domain: 'cleared-partner.test',
        path: '/',
        setBy: byHttp('https://cleared-partner.test/set'),
        deletedBy: 'http',
      },
    ],
  }),
};

const PLAIN_PAGE = 'http://not-modified.test/';
const ETAG = '"1"';

const revalidated: Answer = ({ request, response }) => {
  const isKnown = request.headers['if-none-match'] === ETAG;
  response.writeHead(isKnown ? 304 : 200, {
    etag: ETAG,
    'content-type': 'text/plain',
    'cache-control': 'max-age=600',
    ...(isKnown ? { 'set-cookie': 'by_304=1; Path=/' } : {}),
  });
  response.end(isKnown ? '' : 'x');
};

/** Without encryption, because a browser caches nothing of a server whose certificate it does not know. */
export const notModified: Site = {
  name: 'not-modified',
  url: PLAIN_PAGE,
  summary: 'An answer that only says that the cached one still holds (304) sets a cookie',
  routes: {
    'not-modified.test/': inlineScript(`
      fetch('/asset')
        .then((answer) => answer.text())
        .then(() => fetch('/asset', { cache: 'no-cache' }));
    `),
    'not-modified.test/asset': revalidated,
  },
  truth: truth(PLAIN_PAGE, {
    cookies: [
      cookie({
        name: 'by_304',
        value: '1',
        domain: 'not-modified.test',
        setBy: byHttp(`${PLAIN_PAGE}asset`),
      }),
    ],
  }),
};

import { body, html, redirect } from '../answers.ts';
import type { Answer, Site } from '../site.ts';
import type { CookieTruth, OutcomeTruth } from '../truth.ts';
import { byHttp, cookie, outcome, truth } from '../truth-builders.ts';

/** Whatever the response is, its header sets this cookie, and the jar keeps it. */
const SET_COOKIE = ['seen=1; Path=/'];

function serverSite(
  name: string,
  summary: string,
  answer: Answer,
  ending: OutcomeTruth,
  cookies: (url: string, domain: string) => CookieTruth[] = seenCookie,
): Site {
  const domain = `${name}.test`;
  const url = `https://${domain}/`;
  return {
    name,
    url,
    summary,
    routes: { [`${domain}/`]: answer },
    truth: truth(url, { outcome: ending, cookies: cookies(url, domain) }),
  };
}

function seenCookie(url: string, domain: string): CookieTruth[] {
  return [cookie({ name: 'seen', value: '1', domain, setBy: byHttp(url), ratherNeeds: ['robustness'] })];
}

const nothing = (): CookieTruth[] => [];

/** The header comes at once, then the page grows without end. */
const endlessBody: Answer = ({ response }) => {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'set-cookie': SET_COOKIE });
  response.write('<!doctype html><title>Endless</title><h1>Endless</h1>');
  const timer = setInterval(() => response.write(`<p>${'more '.repeat(200)}</p>`), 50);
  response.once('close', () => clearInterval(timer));
};

const PDF =
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n';

/** Servers that answer with anything but a page. */
export const robustServer: readonly Site[] = [
  serverSite(
    'endless-body',
    'The document never ends',
    endlessBody,
    outcome(['partial', 'success'], ['https://endless-body.test/'], [200]),
  ),
  serverSite(
    'never-answers',
    'The server accepts the request and stays silent',
    () => undefined,
    outcome(['failed'], [null], [null]),
    nothing,
  ),
  serverSite(
    'connection-reset',
    'The server closes the connection instead of answering',
    ({ request }) => void request.socket.destroy(),
    outcome(['failed'], [null], [null]),
    nothing,
  ),
  serverSite(
    'status-204',
    'The server answers 204, so that there is nothing to show',
    body('text/html', '', { status: 204, setCookie: SET_COOKIE }),
    outcome(['failed', 'partial'], [null], [204, null]),
  ),
  serverSite(
    'pdf',
    'The address leads to a PDF, which some browsers show and others download',
    body('application/pdf', PDF, { setCookie: SET_COOKIE }),
    outcome(['failed', 'partial', 'success'], [null, 'https://pdf.test/'], [200]),
  ),
  serverSite(
    'download',
    'The address leads to a download',
    body('application/octet-stream', 'bytes', {
      setCookie: SET_COOKIE,
      headers: { 'content-disposition': 'attachment; filename="setup.bin"' },
    }),
    outcome(['failed', 'partial'], [null], [200]),
  ),
  serverSite(
    'basic-auth',
    'The server asks for a user name and a password',
    html('<h1>Authorization required</h1>', {
      status: 401,
      title: 'Authorization required',
      headers: { 'www-authenticate': 'Basic realm="staff"' },
      setCookie: SET_COOKIE,
    }),
    outcome(['blocked', 'failed', 'partial'], ['https://basic-auth.test/', null], [401]),
  ),
  serverSite(
    'bot-wall',
    'A bot wall answers 403 with the title "Just a moment..."',
    html('<h1>Checking your browser</h1><p>Enable JavaScript and cookies to continue.</p>', {
      status: 403,
      title: 'Just a moment...',
      headers: { server: 'cloudflare', 'cf-mitigated': 'challenge' },
      setCookie: SET_COOKIE,
    }),
    outcome(['blocked'], ['https://bot-wall.test/'], [403]),
  ),
  serverSite(
    'status-503',
    'The server is overloaded and answers 503',
    html('<h1>Service unavailable</h1>', {
      status: 503,
      title: 'Service unavailable',
      headers: { 'retry-after': '120' },
      setCookie: SET_COOKIE,
    }),
    outcome(['failed', 'partial', 'blocked'], ['https://status-503.test/', null], [503]),
  ),
  {
    name: 'redirect-loop',
    url: 'https://redirect-loop.test/a',
    summary: 'Two addresses redirect to each other without end, setting a cookie each time',
    routes: {
      'redirect-loop.test/a': redirect('/b', { setCookie: SET_COOKIE }),
      'redirect-loop.test/b': redirect('/a', { setCookie: SET_COOKIE }),
    },
    truth: truth('', {
      outcome: outcome(['failed'], [null], [302, null]),
      cookies: [
        cookie({
          name: 'seen',
          value: '1',
          domain: 'redirect-loop.test',
          setBy: byHttp(/^https:\/\/redirect-loop\.test\/[ab]$/),
          ratherNeeds: ['robustness'],
        }),
      ],
    }),
  },
];

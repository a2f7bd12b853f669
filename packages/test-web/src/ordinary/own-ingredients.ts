import { body, json } from '../answers.ts';
import { byHttp, byScript, cookie, DAY_SECONDS, storage } from '../truth-builders.ts';
import type { SiteDraft } from './site-draft.ts';

/** Lifetimes as real sites choose them, in seconds. */
export const LIFETIMES_SECONDS = [
  1_800,
  DAY_SECONDS,
  30 * DAY_SECONDS,
  90 * DAY_SECONDS,
  365 * DAY_SECONDS,
] as const;

/** Late cookies appear within this many milliseconds of page life. */
const LATE_MS = { min: 1_500, max: 20_000 };

/** Cookies in the response of the document itself. */
export function addDocumentCookies(draft: SiteDraft): void {
  const { random, host, url } = draft;
  const session = random.text(24);
  draft.documentCookies.push(`session=${session}; Path=/; HttpOnly; Secure; SameSite=Lax`);
  draft.cookies.push(
    cookie({
      name: 'session',
      value: session,
      domain: host,
      setBy: byHttp(url),
      httpOnly: true,
      secure: true,
      sameSite: 'Lax',
    }),
  );
  const count = random.integer(0, 2);
  for (let n = 0; n < count; n += 1) {
    const lifetimeSeconds = random.pick(LIFETIMES_SECONDS);
    const value = random.text(8);
    draft.documentCookies.push(`pref${n}=${value}; Path=/; Domain=${host}; Max-Age=${lifetimeSeconds}`);
    draft.cookies.push(
      cookie({ name: `pref${n}`, value, domain: `.${host}`, setBy: byHttp(url), lifetimeSeconds }),
    );
  }
}

/** One style sheet of a few kilobytes. */
export function addStyle(draft: SiteDraft): void {
  const rules = Array.from(
    { length: draft.random.integer(20, 120) },
    (_, n) => `.c${n}{margin:${n}px;color:#${100 + n}}`,
  );
  draft.head.push(
    `<link rel="stylesheet" href="${draft.own('style.css', body('text/css', rules.join('\n')))}">`,
  );
}

/** One picture of a few kilobytes. */
export function addImage(draft: SiteDraft): void {
  const size = draft.random.integer(10, 120);
  const squares = Array.from(
    { length: draft.random.integer(10, 200) },
    (_, n) => `<rect x="${n % size}" y="${(n * 7) % size}" width="3" height="3" fill="#${100 + (n % 800)}"/>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}">${squares.join('')}</svg>`;
  draft.content.push(`<img src="${draft.own('picture.svg', body('image/svg+xml', svg))}" alt="">`);
}

/** A call of the site's own API, whose response may set a cookie. */
export function addApiCall(draft: SiteDraft): void {
  const { random, host } = draft;
  const name = `api${draft.resourceCount}`;
  const hasCookie = random.chance(0.5);
  const url = draft.own(
    'data.json',
    json({ items: [1, 2, 3] }, { setCookie: hasCookie ? [`${name}=1; Path=/`] : [] }),
  );
  draft.appCode.push(`fetch('${url}').then((response) => response.json());`);
  if (hasCookie) draft.cookies.push(cookie({ name, value: '1', domain: host, setBy: byHttp(url) }));
}

/** Cookies and storage of the site's own script, some of them late. `serve` makes the script and returns its address. */
export function addApp(draft: SiteDraft, serve: (code: string) => string): void {
  const { random, host, origin } = draft;
  const cookies = Array.from({ length: random.integer(0, 3) }, (_, n) => ({
    name: `app${n}`,
    value: random.text(6),
    lateMs: random.chance(0.5) ? random.integer(LATE_MS.min, LATE_MS.max) : null,
  }));
  const keys = Array.from({ length: random.integer(0, 3) }, (_, n) => `state${n}`);
  const code = [
    ...draft.appCode,
    ...cookies.map(({ name, value, lateMs }) => {
      const write = `document.cookie = '${name}=${value}; Path=/; SameSite=Lax';`;
      return lateMs === null ? write : `setTimeout(() => { ${write} }, ${lateMs});`;
    }),
    ...keys.map((key) => `localStorage.setItem('${key}', '${random.text(12)}');`),
  ];
  const setBy = byScript(serve(code.join('\n')));
  for (const { name, value, lateMs } of cookies) {
    const ratherNeeds = lateMs === null ? [] : (['late-timer'] as const);
    draft.cookies.push(cookie({ name, value, domain: host, setBy, sameSite: 'Lax', ratherNeeds }));
  }
  draft.storage.push(...storage('local', origin, keys, { setBy }));
}

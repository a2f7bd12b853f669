import { inlineScript, pixel, redirect, script } from '../answers.ts';
import { byHttp, byScript, cookie, thirdPartyCookie } from '../truth-builders.ts';
import { LIFETIMES_SECONDS } from './own-ingredients.ts';
import type { SiteDraft } from './site-draft.ts';

/** A pixel in the page that sets a cookie of its own site. */
export function addPixel(draft: SiteDraft): void {
  const { random } = draft;
  const [name, value] = [`px${draft.resourceCount}`, random.text(16)];
  const lifetimeSeconds = random.pick(LIFETIMES_SECONDS);
  const setCookie = [`${name}=${value}; Path=/; SameSite=None; Secure; Max-Age=${lifetimeSeconds}`];
  const { host, url } = draft.partner('pixel.gif', pixel(setCookie));
  draft.content.push(`<img src="${url}" width="1" height="1" alt="">`);
  draft.cookies.push(
    thirdPartyCookie({ name, value, domain: host, setBy: byHttp(url, [draft.url]), lifetimeSeconds }),
  );
}

/** A pixel that redirects to a partner with its user id; both set a cookie. */
export function addSyncPixel(draft: SiteDraft): void {
  const id = draft.random.text(20);
  const names = { from: `uid${draft.resourceCount}`, to: `match${draft.resourceCount}` };
  const cookieLine = (name: string): string => `${name}=${id}; Path=/; SameSite=None; Secure`;
  const to = draft.partner('match.gif', pixel([cookieLine(names.to)]));
  const from = draft.partner(
    'sync.gif',
    redirect(`${to.url}?uid=${id}`, { setCookie: [cookieLine(names.from)] }),
  );
  draft.content.push(`<img src="${from.url}" width="1" height="1" alt="">`);
  draft.cookies.push(
    thirdPartyCookie({ name: names.from, value: id, domain: from.host, setBy: byHttp(from.url) }),
    thirdPartyCookie({ name: names.to, value: id, domain: to.host, setBy: byHttp(`${to.url}?uid=${id}`) }),
  );
}

/** A script of a third party that sets a cookie of the site and may send a pixel home. */
export function addPartnerScript(draft: SiteDraft): void {
  const { random, host } = draft;
  const [name, value] = [`_tp${draft.resourceCount}`, random.text(18)];
  const lifetimeSeconds = random.pick(LIFETIMES_SECONDS);
  const code = [`document.cookie = '${name}=${value}; Path=/; Domain=${host}; Max-Age=${lifetimeSeconds}';`];
  if (random.chance(0.5)) {
    const home = `home${draft.resourceCount}`;
    const beacon = draft.partner('home.gif', pixel([`${home}=1; Path=/; SameSite=None; Secure`]));
    code.push(`new Image().src = '${beacon.url}';`);
    draft.cookies.push(
      thirdPartyCookie({ name: home, value: '1', domain: beacon.host, setBy: byHttp(beacon.url) }),
    );
  }
  const { url } = draft.partner('tag.js', script(code.join('\n')));
  draft.head.push(`<script async src="${url}"></script>`);
  draft.cookies.push(cookie({ name, value, domain: `.${host}`, setBy: byScript(url), lifetimeSeconds }));
}

/** A frame of a third party with an HTTP cookie and a JavaScript cookie, the latter sometimes late. */
export function addFrame(draft: SiteDraft): void {
  const { random } = draft;
  const names = { http: `fh${draft.resourceCount}`, script: `fj${draft.resourceCount}` };
  const isLate = random.chance(0.25);
  const write = `document.cookie = '${names.script}=1; Path=/; SameSite=None; Secure';`;
  const code = isLate ? `setTimeout(() => { ${write} }, ${random.integer(1_500, 15_000)});` : write;
  const { host, url } = draft.partner(
    'frame.html',
    inlineScript(code, { setCookie: [`${names.http}=1; Path=/; SameSite=None; Secure`] }),
  );
  draft.content.push(`<iframe src="${url}" width="300" height="100"></iframe>`);
  const common = { value: '1', domain: host } as const;
  draft.cookies.push(
    thirdPartyCookie({ ...common, name: names.http, setBy: byHttp(url), ratherNeeds: ['cross-site-frame'] }),
    thirdPartyCookie({
      ...common,
      name: names.script,
      setBy: byScript(url),
      ratherNeeds: isLate ? ['cross-site-frame', 'late-timer'] : ['cross-site-frame'],
    }),
  );
}

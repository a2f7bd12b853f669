import { siteAccessSchema, siteObservationSchema, type SiteAccess } from '@cookie-scanner/contracts';
import { startTestWeb, type Inside, type Site, type TestWeb } from '@cookie-scanner/test-web';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { scanSite, startTestEngine } from '../engine-fixture.test.helper.ts';
import type { FileToSave } from '../files/file-keeper.ts';
import type { ScanEngine } from '../scan-engine.ts';
import { siteDifferences } from '../site-differences.test.helper.ts';

let web: TestWeb;
let engine: ScanEngine;
const logged: string[] = [];
const log = (message: string, fields?: Record<string, unknown>): void =>
  void logged.push(`${message} ${JSON.stringify(fields ?? {})}`);

beforeAll(async () => {
  web = await startTestWeb();
  engine = await startTestEngine(web, { logger: { info: log, warn: log } });
});
afterAll(async () => {
  await engine.close();
  await web.close();
});

type ClosedSite = Site & { readonly inside: Inside };

function closedSite(name: string): ClosedSite {
  const site = web.sites.find((one) => one.name === name);
  if (!site?.inside) throw new Error(`the test web has no closed site ${name}`);
  return { ...site, inside: site.inside };
}

function keyOf({ inside }: ClosedSite, change: Partial<SiteAccess> = {}): SiteAccess {
  return { ...siteAccessSchema.parse(inside.access), ...change };
}

describe('a site that opens to whoever has the key', () => {
  it.each(['basic-gate', 'digest-gate', 'header-gate', 'cookie-gate', 'form-login'])(
    '%s: is scanned as those who are inside see it, and no other host gets the key',
    async (name) => {
      const site = closedSite(name);
      const observation = await scanSite(engine, site.url, { access: keyOf(site) });
      expect(siteObservationSchema.parse(JSON.parse(JSON.stringify(observation)))).toEqual(observation);
      const own = {
        ...observation,
        cookies: observation.cookies.filter(({ setBy }) => setBy.kind !== 'preset'),
      };
      expect(siteDifferences({ ...site, truth: site.inside.truth }, own)).toEqual([]);
      expect(observation.quality.unattributedShare).toBe(0);
    },
  );

  it.each(['basic-gate', 'digest-gate', 'header-gate', 'cookie-gate'])(
    '%s: tells robots more when they have the key, and no other host gets it',
    async (name) => {
      const site = closedSite(name);
      const observation = await scanSite(engine, site.url, { access: keyOf(site), mode: 'deep' });
      expect(observation.pages.map(({ url }) => url)).toEqual([site.url, `${site.url}listed`]);
      expect(observation.skippedPages).toEqual([{ url: `${site.url}closed`, reason: 'robots_disallowed' }]);
      expect(observation.cookies.map((cookie) => cookie.name)).toContain('listed_inside');
      expect(observation.cookies.map((cookie) => cookie.name)).not.toContain('key_came_along');
    },
  );

  it.each([
    ['header-gate', 1],
    ['basic-gate', 0],
  ])('%s: says where headers do not come along', async (name, count) => {
    const site = closedSite(name);
    const observation = await scanSite(engine, `${site.url}with-socket`, { access: keyOf(site) });
    expect(observation.cookies.map((cookie) => cookie.name)).toContain('socket');
    expect(observation.quality.notes.filter((note) => note.includes('opens a WebSocket'))).toHaveLength(
      count,
    );
  });

  it('says what opened it, by name only', async () => {
    const basic = closedSite('basic-gate');
    const { access } = await scanSite(engine, basic.url, { access: keyOf(basic) });
    expect(access).toEqual({ headers: [], presetCookies: [], httpAuthentication: 'given', login: null });
    const header = closedSite('header-gate');
    const staged = await scanSite(engine, header.url, { access: keyOf(header) });
    expect(staged.access).toMatchObject({ headers: ['x-staging'], httpAuthentication: null });
  });

  it.each(['basic-gate', 'digest-gate'])(
    '%s: with a wrong password, says that it was not accepted',
    async (name) => {
      const site = closedSite(name);
      const wrong = keyOf(site, { httpCredentials: { username: 'ann', password: 'wrong-4711' } });
      const before = web.requestLog().filter(({ url }) => url === site.url).length;
      const observation = await scanSite(engine, site.url, { access: wrong });
      expect(observation).toMatchObject({
        status: 'blocked',
        statusReason: 'credentials_rejected',
        access: { httpAuthentication: 'rejected' },
        pages: [{ httpStatus: 401 }],
      });
      // Once without and once with: trying on could lock the account.
      expect(web.requestLog().filter(({ url }) => url === site.url).length - before).toBe(2);
    },
  );

  it('tells credentials that nobody asked for from those that were accepted', async () => {
    const observation = await scanSite(engine, 'https://plain.test/', {
      access: keyOf(closedSite('basic-gate')),
    });
    expect(observation.access?.httpAuthentication).toBe('not_asked');
  });
});

describe('a cookie that the visitor brings along', () => {
  it('is in the jar with its setter told, and counts as nobody’s', async () => {
    const site = closedSite('cookie-gate');
    const observation = await scanSite(engine, site.url, { access: keyOf(site) });
    expect(observation.cookies.find(({ name }) => name === 'preview')).toMatchObject({
      setBy: { kind: 'preset', url: null, initiators: [], confidence: 'observed' },
      domain: 'cookie-gate.test',
      hostOnly: true,
      value: '[redacted]',
      authenticated: false,
    });
    expect(observation.access?.presetCookies).toEqual([
      { name: 'preview', domain: 'cookie-gate.test', taken: true },
    ]);
  });

  it('has the scope and the life that were asked for', async () => {
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const access = siteAccessSchema.parse({
      cookies: [
        {
          name: 'wide',
          value: 'w',
          domain: '.plain.test',
          path: '/',
          sameSite: 'Strict',
          httpOnly: true,
          expiresAt,
        },
        { name: 'other', value: 'o', domain: 'tracker.test', secure: true, sameSite: 'None' },
        { name: '__Host-bad', value: 'b', domain: '.plain.test' },
      ],
    });
    const observation = await scanSite(engine, 'https://plain.test/', { access });
    expect(observation.cookies.find(({ name }) => name === 'wide')).toMatchObject({
      ...{ domain: '.plain.test', hostOnly: false, sameSite: 'Strict', httpOnly: true, session: false },
    });
    expect(observation.cookies.find(({ name }) => name === 'other')).toMatchObject({
      ...{ domain: 'tracker.test', hostOnly: true, sameSite: 'None', party: 'third' },
    });
    expect(observation.access?.presetCookies.map(({ taken }) => taken)).toEqual([true, true, false]);
    expect(observation.quality.notes).toContain(
      'The browser did not take the cookie __Host-bad of .plain.test that was to be brought along.',
    );
  });
});

describe('a login', () => {
  it('marks what came after it, and nothing else', async () => {
    const site = closedSite('form-login');
    const { cookies, access, pages } = await scanSite(engine, site.url, { access: keyOf(site) });
    const marked = cookies.filter(({ authenticated }) => authenticated).map(({ name }) => name);
    expect(marked.sort()).toEqual([...site.inside.behindLogin].sort());
    expect(access?.login).toEqual({ status: 'succeeded', failedStep: null, reason: null });
    expect(pages).toHaveLength(1);
  });

  it('that fails is an outcome with the step and the reason, and what is behind it is not visited', async () => {
    const site = closedSite('form-login');
    const key = keyOf(site);
    if (!key.login) throw new Error('the site has no login');
    const login = { ...key.login, secrets: { PASSWORD: 'wrong-4711' } };
    login.recording = {
      ...login.recording,
      steps: login.recording.steps.map((step) => ({ ...step, timeout: 3_000 })),
    };
    const observation = await scanSite(engine, site.url, { access: { ...key, login } });
    expect(observation).toMatchObject({
      status: 'failed',
      statusReason: 'login_failed',
      pages: [],
      finalUrl: null,
    });
    expect(observation.access?.login).toEqual({
      status: 'failed',
      failedStep: 8,
      reason: 'click: the page went to form-login.test/login and not to form-login.test/account',
    });
    expect(observation.quality.notes.join()).toContain('The login failed at step 8');
    expect(observation.cookies).toMatchObject([{ name: 'csrf', authenticated: false }]);
  });
});

describe('a secret', () => {
  it('is in no observation, file or log, although the site repeats it everywhere', async () => {
    const site = closedSite('secret-echo');
    const saved: FileToSave[] = [];
    const observation = await scanSite(engine, site.url, {
      access: keyOf(site),
      har: true,
      screenshots: 'viewport',
      saveFile: async (file) => {
        saved.push(file);
        return file.name;
      },
    });
    expect(observation).toMatchObject({ status: 'success', access: { login: { status: 'succeeded' } } });
    // The site really did repeat them.
    expect(observation.cookies.length).toBeGreaterThan(15);
    expect(observation.storage.length).toBeGreaterThan(8);
    expect(siteObservationSchema.parse(JSON.parse(JSON.stringify(observation)))).toEqual(observation);
    const har = saved.find(({ kind }) => kind === 'har');
    expect(har?.bytes.byteLength).toBeGreaterThan(10_000);
    const written = [JSON.stringify(observation), Buffer.from(har?.bytes ?? []).toString(), ...logged].join(
      '\n',
    );
    for (const form of site.inside.secrets.flatMap(formsOf)) {
      expect([form, contextOf(written, form)]).toEqual([form, null]);
    }
  });
});

/** Written down here, apart from what the engine looks for. */
function formsOf(secret: string): string[] {
  const encoded = encodeURIComponent(secret);
  return [
    secret,
    encoded,
    encodeURIComponent(encoded),
    JSON.stringify(secret).slice(1, -1),
    JSON.stringify(JSON.stringify(secret)).slice(3, -3),
    new URLSearchParams({ s: secret }).toString().slice(2),
    Buffer.from(secret).toString('base64'),
    Buffer.from(`{"s":${JSON.stringify(secret)}}`)
      .toString('base64')
      .slice(8, -6),
  ];
}

function contextOf(text: string, form: string): string | null {
  const at = text.toLowerCase().indexOf(form.toLowerCase());
  return at === -1 ? null : text.slice(Math.max(0, at - 60), at + 60);
}

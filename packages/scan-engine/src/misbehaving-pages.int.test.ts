import type { SiteObservation } from '@cookie-scanner/contracts';
import { siteObservationSchema } from '@cookie-scanner/contracts';
import { startTestWeb, type Site, type TestWeb } from '@cookie-scanner/test-web';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { workAhead } from './ahead.test.helper.ts';
import { ownBrowserProcesses, until } from './browser-processes.test.helper.ts';
import { scanSite, startTestEngine } from './engine-fixture.test.helper.ts';
import type { ScanEngine } from './scan-engine.ts';
import { page, testSite } from './test-site.test.helper.ts';

const TIMEOUT_MS = 5_000;
/** As for every scan: closing the page, reading the jar and the evidence. */
const DEADLINE_MARGIN_MS = 2_000;

/** What pages have been seen doing, after they have set their cookies, and get over. */
const MISDEEDS: Readonly<Record<string, string>> = {
  'asks again before it is left':
    'addEventListener("beforeunload", (event) => { event.preventDefault(); for (;;); });',
  'computes without end when it is left':
    'for (const type of ["pagehide", "unload"]) addEventListener(type, () => { for (;;); });',
  'closes itself': 'window.close();',
  'closes itself later': 'setTimeout(() => window.close(), 3000);',
  'writes itself anew': 'document.open(); document.write("<h1>New</h1>"); document.close();',
  'deletes a thousand cookies that never were':
    'for (let n = 0; n < 1000; n += 1) document.cookie = "n" + n + "=1; Path=/p" + n + "; Max-Age=0";',
  'writes cookies of a megabyte':
    'for (let n = 0; n < 5; n += 1) document.cookie = "x".repeat(1e6) + n + "=" + "y".repeat(1e6);',
  'fills its storage':
    'try { for (let n = 0; ; n += 1) localStorage.setItem("key" + n, "x".repeat(1e5)); } catch {}',
  'stops in the debugger': 'debugger; setInterval(() => { debugger; }, 10);',
  'throws from everywhere':
    'onerror = () => { throw new Error("again"); }; setInterval(() => { throw new Error("once"); }, 20); Promise.reject(new Error("never"));',
  'has a document of twenty thousand elements':
    'document.body.innerHTML += "<div><p>x</p></div>".repeat(10000);',
  'redefines what a visitor of it would read':
    'Object.defineProperty(document, "links", { get() { for (;;); } }); Object.defineProperty(document, "title", { get() { for (;;); } }); Object.freeze(Object.prototype);',
  'asks for the whole screen, the pointer and permissions':
    'document.documentElement.requestFullscreen?.().catch(() => {}); document.body.requestPointerLock?.(); Notification.requestPermission?.(); navigator.geolocation?.getCurrentPosition(() => {});',
};

/** What takes whatever time and machine it is given; one at a time. */
const GLUTTONY: Readonly<Record<string, string>> = {
  'opens windows that open windows': 'open("/");',
  'frames itself':
    'document.body.append(Object.assign(document.createElement("iframe"), { src: "/?" + Math.random() }));',
  'starts ten workers that never rest':
    'for (let n = 0; n < 10; n += 1) new Worker(URL.createObjectURL(new Blob(["for (;;);"])));',
  'alerts without end': 'for (;;) alert("again");',
  'changes its address without end':
    'setInterval(() => history.pushState({}, "", "/small?" + Math.random()), 1);',
  'prints without end': 'setInterval(() => { console.debug("x".repeat(1000), {}); }, 1);',
  'sets timers faster than they pass':
    'const more = () => { setTimeout(more, 0); setTimeout(more, 0); }; more();',
};

interface Misbehaving {
  readonly what: string;
  readonly site: Site;
}

function misbehaving(codes: Readonly<Record<string, string>>, kind: string): Misbehaving[] {
  return Object.entries(codes).map(([what, code], index) => ({
    what,
    site: testSite(`${kind}-${index}`, {
      '/': page(`<script>document.cookie = 'by_script=2; Path=/'; ${code}</script>`, [
        'by_http=1; Path=/; HttpOnly',
      ]),
      '/small': page('<p>Small</p>'),
    }),
  }));
}

const naughty = misbehaving(MISDEEDS, 'misdeed');
const greedy = misbehaving(GLUTTONY, 'gluttony');

const slowInside = testSite('slow-inside', {
  '/': page('<a href="/a">A</a><a href="/b">B</a><a href="/c">C</a>', ['by_http=1; Path=/']),
  '/a': () => undefined,
  '/b': () => undefined,
  '/c': () => undefined,
});

let web: TestWeb;
let engine: ScanEngine;
const scanAhead = workAhead<Misbehaving, SiteObservation>(naughty, 3, async ({ site }) => await scan(site));

async function scan({ url }: Site): Promise<SiteObservation> {
  return await scanSite(engine, url, { timeoutMs: TIMEOUT_MS });
}

function expectItsCookiesInTime(observation: SiteObservation): void {
  expect(siteObservationSchema.parse(JSON.parse(JSON.stringify(observation)))).toEqual(observation);
  expect(['success', 'partial']).toContain(observation.status);
  expect(observation.cookies.map(({ name }) => name).sort()).toEqual(['by_http', 'by_script']);
  expect(observation.durationMs).toBeLessThanOrEqual(TIMEOUT_MS + DEADLINE_MARGIN_MS);
}

beforeAll(async () => {
  web = await startTestWeb({ extraSites: [...[...naughty, ...greedy].map(({ site }) => site), slowInside] });
  engine = await startTestEngine(web);
});
afterAll(async () => {
  await engine.close();
  await web.close();
});

describe('a page that', () => {
  it.each(naughty.map((each) => [each.what, each] as const))(
    '%s is scanned by the deadline, with its cookies',
    async (_what, each) => {
      expectItsCookiesInTime(await scanAhead(each));
    },
  );

  it.each(greedy.map((each) => [each.what, each] as const))(
    '%s is scanned by the deadline, with its cookies',
    async (_what, { site }) => {
      const observation = await scan(site);

      expectItsCookiesInTime(observation);
    },
  );

  it('did any of that has left nothing behind, and the engine able to scan', async () => {
    expect(await scanSite(engine, 'https://shop.test/')).toMatchObject({ status: 'success' });
    // One process is kept ready for the next page.
    await until(async () => {
      const renderers = (await ownBrowserProcesses()).filter(({ commandLine }) =>
        commandLine.includes('--type=renderer'),
      );
      return renderers.length <= 1;
    });
  });
});

describe('a site whose further pages never answer', () => {
  it('ends by the deadline of the whole scan with what its start page did', async () => {
    const observation = await scanSite(engine, slowInside.url, { mode: 'standard', timeoutMs: TIMEOUT_MS });
    expect(observation).toMatchObject({
      status: 'partial',
      statusReason: 'timeout',
      quality: { timedOut: true },
    });
    expect(observation.cookies.map(({ name }) => name)).toEqual(['by_http']);
    expect(observation.durationMs).toBeLessThanOrEqual(TIMEOUT_MS + DEADLINE_MARGIN_MS);
  });
});

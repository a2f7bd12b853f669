import type { SiteObservation } from '@cookie-scanner/contracts';
import { siteObservationSchema } from '@cookie-scanner/contracts';
import { startTestWeb, type Site, type TestWeb } from '@cookie-scanner/test-web';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { workAhead } from './ahead.test.helper.ts';
import { scanSite, startTestEngine } from './engine-fixture.test.helper.ts';
import type { ScanEngine } from './scan-engine.ts';
import { page, testSite } from './test-site.test.helper.ts';

const TIMEOUT_MS = 8_000;
/** As for every scan: closing the page, reading the jar and the evidence. */
const DEADLINE_MARGIN_MS = 2_000;

/** What a page does after it has set its cookies; each is something that pages have been seen doing. */
const MISDEEDS: Readonly<Record<string, string>> = {
  'opens a hundred windows': 'for (let n = 0; n < 100; n += 1) open("/small");',
  'opens windows that open windows': 'open("/");',
  'frames itself': 'document.body.append(Object.assign(document.createElement("iframe"), { src: "/?" + Math.random() }));',
  'has two hundred frames': 'for (let n = 0; n < 200; n += 1) document.body.append(Object.assign(document.createElement("iframe"), { src: "/small" }));',
  'starts fifty workers that never rest': 'for (let n = 0; n < 50; n += 1) new Worker(URL.createObjectURL(new Blob(["for (;;);"])));',
  'alerts without end': 'for (;;) alert("again");',
  'asks again before it is left': 'addEventListener("beforeunload", (event) => { event.preventDefault(); for (;;); });',
  'computes when it is left': 'addEventListener("pagehide", () => { for (;;); }); addEventListener("unload", () => { for (;;); });',
  'closes itself': 'window.close();',
  'closes itself later': 'setTimeout(() => window.close(), 3000);',
  'writes itself anew': 'document.open(); document.write("<h1>New</h1>"); document.close();',
  'never stops writing': 'setInterval(() => document.write("<p>more</p>"), 1);',
  'writes ten thousand cookies': 'for (let n = 0; n < 10000; n += 1) document.cookie = "n" + n + "=1; Path=/p" + n + "; Max-Age=0";',
  'writes cookies of a megabyte': 'for (let n = 0; n < 20; n += 1) document.cookie = "x".repeat(1e6) + n + "=" + "y".repeat(1e6);',
  'fills its storage': 'try { for (let n = 0; ; n += 1) localStorage.setItem("key" + n, "x".repeat(1e5)); } catch {}',
  'changes its address without end': 'setInterval(() => history.pushState({}, "", "/small?" + Math.random()), 1);',
  'goes back and forth': 'setInterval(() => { location.hash = Math.random(); history.back(); }, 10);',
  'prints without end': 'setInterval(() => { for (let n = 0; n < 1000; n += 1) console.debug("x".repeat(1000), {}); }, 1);',
  'fetches without end': 'const go = () => fetch("/small?" + Math.random()).finally(() => { go(); }); for (let n = 0; n < 20; n += 1) go();',
  'never lets a promise rest': 'const spin = () => Promise.resolve().then(spin); spin();',
  'sets timers faster than they pass': 'const more = () => { setTimeout(more, 0); setTimeout(more, 0); }; more();',
  'sleeps in a debugger statement': 'debugger; setInterval(() => { debugger; }, 10);',
  'throws from everywhere': 'onerror = () => { throw new Error("again"); }; setInterval(() => { throw new Error("once"); }, 1); Promise.reject(new Error("never"));',
  'has a document of fifty thousand elements': 'document.body.innerHTML += "<div><p>x</p></div>".repeat(25000);',
  'nests its elements ten thousand deep': 'let inner = document.body; for (let n = 0; n < 10000; n += 1) { const element = document.createElement("div"); inner.append(element); inner = element; }',
  'redefines what the browser calls': 'Object.defineProperty(document, "links", { get() { for (;;); } }); Object.freeze(Object.prototype);',
  'takes the whole screen and the pointer': 'document.documentElement.requestFullscreen?.().catch(() => {}); document.body.requestPointerLock?.(); Notification.requestPermission?.(); navigator.geolocation?.getCurrentPosition(() => {});',
  'downloads without end': 'setInterval(() => { const link = document.createElement("a"); link.href = URL.createObjectURL(new Blob(["x"])); link.download = "x.bin"; document.body.append(link); link.click(); }, 5);',
};

const sites = Object.entries(MISDEEDS).map(([name, code], index): Site & { what: string } => ({
  ...testSite(`misdeed-${index}`, {
    '/': page(`<script>document.cookie = 'by_script=2; Path=/'; ${code}</script>`, ['by_http=1; Path=/; HttpOnly']),
    '/small': page('<p>Small</p>'),
  }),
  what: name,
}));

const slowInside = testSite('slow-inside', {
  '/': page('<a href="/a">A</a><a href="/b">B</a><a href="/c">C</a>', ['by_http=1; Path=/']),
  '/a': () => undefined,
  '/b': () => undefined,
  '/c': () => undefined,
});

let web: TestWeb;
let engine: ScanEngine;
const scan = workAhead<Site, SiteObservation>(
  sites,
  1,
  async ({ url }) => await scanSite(engine, url, { timeoutMs: TIMEOUT_MS }),
);

beforeAll(async () => {
  web = await startTestWeb({ extraSites: [...sites, slowInside] });
  engine = await startTestEngine(web);
});
afterAll(async () => {
  await engine.close();
  await web.close();
});

describe('a page that', () => {
  it.each(sites.map((site) => [site.what, site] as const))('%s is scanned by the deadline, with its cookies', async (_what, site) => {
    const observation = await scan(site);
    process.stdout.write(`${site.what}: ${observation.durationMs} ${observation.status} ${observation.statusReason} ${observation.cookies.map((c) => c.name).join()} ${observation.quality.clocksNotAdvanced.length} ${observation.transientCookies.length}\n`);
    expect(siteObservationSchema.parse(JSON.parse(JSON.stringify(observation)))).toEqual(observation);
    expect(['success', 'partial']).toContain(observation.status);
    expect(observation.cookies.map(({ name }) => name).sort()).toEqual(['by_http', 'by_script']);
    expect(observation.durationMs).toBeLessThanOrEqual(TIMEOUT_MS + DEADLINE_MARGIN_MS);
  });
});

describe('a site whose further pages never answer', () => {
  it('ends by the deadline of the whole scan with what its start page did', async () => {
    const observation = await scanSite(engine, slowInside.url, { mode: 'standard', timeoutMs: TIMEOUT_MS });
    expect(observation).toMatchObject({ status: 'partial', statusReason: 'timeout', quality: { timedOut: true } });
    expect(observation.cookies.map(({ name }) => name)).toEqual(['by_http']);
    expect(observation.durationMs).toBeLessThanOrEqual(TIMEOUT_MS + DEADLINE_MARGIN_MS);
  });
});

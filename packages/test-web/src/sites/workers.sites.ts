import { inlineScript, json, script } from '../answers.ts';
import type { Site } from '../site.ts';
import { byCookieStore, byHttp, cookie, truth } from '../truth-builders.ts';

const PAGE = 'https://workers.test/';
const domain = 'workers.test';
const ratherNeeds = ['worker'] as const;

const PAGE_SCRIPT = `
  new Worker('/dedicated.js');
  new SharedWorker('/shared.js');
  navigator.serviceWorker.register('/sw.js');
`;
// Waiting in install keeps the worker alive until the cookie is stored.
const SERVICE_WORKER = `
  self.addEventListener('install', (event) => event.waitUntil(fetch('/api/service').then((r) => r.text())));
`;

/** Requests of all three kinds of worker. */
export const workers: Site = {
  name: 'workers',
  url: PAGE,
  summary: 'A dedicated, a shared and a service worker fetch, and the responses set cookies',
  routes: {
    'workers.test/': inlineScript(PAGE_SCRIPT),
    'workers.test/dedicated.js': script("fetch('/api/dedicated').then((r) => r.text());", {
      setCookie: ['worker_script=0; Path=/'],
    }),
    'workers.test/shared.js': script("fetch('/api/shared').then((r) => r.text());"),
    'workers.test/sw.js': script(SERVICE_WORKER),
    'workers.test/api/dedicated': json({ ok: true }, { setCookie: ['by_dedicated=1; Path=/; HttpOnly'] }),
    'workers.test/api/shared': json({ ok: true }, { setCookie: ['by_shared=2; Path=/; SameSite=Lax'] }),
    'workers.test/api/service': json(
      { ok: true },
      { setCookie: ['by_service=3; Path=/; Secure; Max-Age=600'] },
    ),
  },
  truth: truth(PAGE, {
    cookies: [
      cookie({
        name: 'worker_script',
        value: '0',
        domain,
        setBy: byHttp('https://workers.test/dedicated.js'),
        ratherNeeds,
      }),
      cookie({
        name: 'by_dedicated',
        value: '1',
        domain,
        setBy: byHttp('https://workers.test/api/dedicated'),
        httpOnly: true,
        ratherNeeds,
      }),
      cookie({
        name: 'by_shared',
        value: '2',
        domain,
        setBy: byHttp('https://workers.test/api/shared'),
        sameSite: 'Lax',
        ratherNeeds,
      }),
      cookie({
        name: 'by_service',
        value: '3',
        domain,
        setBy: byHttp('https://workers.test/api/service'),
        secure: true,
        lifetimeSeconds: 600,
        ratherNeeds,
      }),
    ],
  }),
};

const STORE_PAGE = 'https://service-worker-store.test/';
const STORE_WORKER = 'https://service-worker-store.test/sw.js';

/** A service worker has no `document.cookie`, but it has the Cookie Store API. */
export const serviceWorkerStore: Site = {
  name: 'service-worker-store',
  url: STORE_PAGE,
  summary: 'A service worker sets a cookie through the Cookie Store API',
  routes: {
    'service-worker-store.test/': inlineScript("navigator.serviceWorker.register('/sw.js');"),
    'service-worker-store.test/sw.js': script(
      "self.addEventListener('install', (event) => event.waitUntil(cookieStore.set('by_sw_store', '1')));",
    ),
  },
  truth: truth(STORE_PAGE, {
    cookies: [
      cookie({
        name: 'by_sw_store',
        value: '1',
        domain: 'service-worker-store.test',
        setBy: byCookieStore(STORE_WORKER),
        secure: true,
        sameSite: 'Strict',
        ratherNeeds,
      }),
    ],
  }),
};

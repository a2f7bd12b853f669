import { html, script, inlineScript } from '../answers.ts';
import type { Site } from '../site.ts';
import type { CookieTruth } from '../truth.ts';
import { byHttp, cookie, truth } from '../truth-builders.ts';

const HOST = 'worker-channels.test';
const ORIGIN = `https://${HOST}`;
const PAGE = `${ORIGIN}/`;

const PAGE_SCRIPT = `
  new Worker('/worker');
  new Worker('/module-worker', { type: 'module' });
  new Worker(URL.createObjectURL(new Blob(["fetch('${ORIGIN}/from-blob')"])));
  navigator.serviceWorker.register('/service-worker').then(() => navigator.serviceWorker.ready).then(() => {
    const frame = document.createElement('iframe');
    frame.src = '/preloaded';
    document.body.append(frame);
  });
`;
const SERVICE_WORKER = `
  importScripts('/service-import');
  self.addEventListener('install', () => skipWaiting());
  self.addEventListener('activate', (event) => event.waitUntil(
    self.registration.navigationPreload.enable().then(() => clients.claim())));
  self.addEventListener('fetch', (event) => {
    if (event.request.url.endsWith('/preloaded')) event.respondWith(event.preloadResponse.then(async (answer) => {
      await (await fetch('/from-fetch-event')).text();
      return answer;
    }));
  });
`;

/** Scripts by path, each of which sets the cookie of that name. */
const SCRIPTS: Readonly<Record<string, string>> = {
  worker:
    "importScripts('/imported'); new Worker('/nested'); fetch('/from-worker'); new WebSocket('/socket');",
  imported: '',
  nested: "fetch('/from-nested');",
  'module-worker': "import '/static-import'; import('/dynamic-import');",
  'static-import': '',
  'dynamic-import': '',
  'service-worker': SERVICE_WORKER,
  'service-import': '',
};
const FETCHED = ['from-worker', 'from-nested', 'from-blob', 'from-fetch-event'];

const ofWorker = (name: string, url = `${ORIGIN}/${name}`): CookieTruth =>
  cookie({ name, value: '1', domain: HOST, setBy: byHttp(url), ratherNeeds: ['worker'] });

/** Everything that workers load: imports, modules, nested workers, sockets, and what a service worker answers. */
export const workerChannels: Site = {
  name: 'worker-channels',
  url: PAGE,
  summary:
    'Imports, modules, nested workers, sockets of workers, navigation preload and a fetch event each set a cookie',
  routes: {
    [`${HOST}/`]: inlineScript(PAGE_SCRIPT),
    ...Object.fromEntries(
      Object.entries(SCRIPTS).map(([path, code]) => [
        `${HOST}/${path}`,
        script(code, { setCookie: [`${path}=1; Path=/`] }),
      ]),
    ),
    ...Object.fromEntries(
      [...FETCHED, 'preloaded'].map((path) => [
        `${HOST}/${path}`,
        html('<p>fetched</p>', { setCookie: [`${path}=1; Path=/`] }),
      ]),
    ),
  },
  sockets: { [`${HOST}/socket`]: { setCookie: ['socket=1; Path=/'], talk: () => undefined } },
  truth: truth(PAGE, {
    cookies: [
      ...[...Object.keys(SCRIPTS), ...FETCHED, 'preloaded'].map((path) => ofWorker(path)),
      ofWorker('socket', `wss://${HOST}/socket`),
    ],
  }),
};

import { html, inlineScript, script } from '../answers.ts';
import type { Site } from '../site.ts';
import { byHttp, cookie, truth } from '../truth-builders.ts';

/** What the workers of one site load, by path. Each answer sets the cookie of that name. */
interface WorkerPaths {
  readonly scripts: Readonly<Record<string, string>>;
  readonly fetched: readonly string[];
  readonly socket?: string;
}

/** A site whose page starts workers, which load things that each set a cookie. */
function workerSite(
  name: string,
  summary: string,
  pageScript: string,
  { scripts, fetched, socket }: WorkerPaths,
): Site {
  const host = `${name}.test`;
  const origin = `https://${host}`;
  const setCookie = (path: string): string[] => [`${path}=1; Path=/`];
  const urls = new Map([...Object.keys(scripts), ...fetched].map((path) => [path, `${origin}/${path}`]));
  if (socket !== undefined) urls.set(socket, `wss://${host}/${socket}`);
  return {
    name,
    url: `${origin}/`,
    summary,
    routes: {
      [`${host}/`]: inlineScript(pageScript),
      ...Object.fromEntries(
        Object.entries(scripts).map(([path, code]) => [
          `${host}/${path}`,
          script(code, { setCookie: setCookie(path) }),
        ]),
      ),
      ...Object.fromEntries(
        fetched.map((path) => [`${host}/${path}`, html('<p>fetched</p>', { setCookie: setCookie(path) })]),
      ),
    },
    sockets:
      socket === undefined
        ? {}
        : { [`${host}/${socket}`]: { setCookie: setCookie(socket), talk: () => undefined } },
    truth: truth(`${origin}/`, {
      cookies: [...urls].map(([path, url]) =>
        cookie({ name: path, value: '1', domain: host, setBy: byHttp(url), ratherNeeds: ['worker'] }),
      ),
    }),
  };
}

/** Everything that workers load. */
export const workerChannels: readonly Site[] = [
  workerSite(
    'worker-channels',
    'Imports, modules, nested workers, workers without an address and sockets of workers each set a cookie',
    `new Worker('/worker');
     new Worker('/module-worker', { type: 'module' });
     new Worker(URL.createObjectURL(new Blob(["fetch('https://worker-channels.test/from-blob')"])));`,
    {
      scripts: {
        worker:
          "importScripts('/imported'); new Worker('/nested'); fetch('/from-worker'); new WebSocket('/socket');",
        imported: '',
        nested: "fetch('/from-nested');",
        'module-worker': "import '/static-import'; import('/dynamic-import');",
        'static-import': '',
        'dynamic-import': '',
      },
      fetched: ['from-worker', 'from-nested', 'from-blob'],
      socket: 'socket',
    },
  ),
  workerSite(
    'service-worker-channels',
    'The script of a service worker, what it imports, navigation preload and a fetch event each set a cookie',
    `navigator.serviceWorker.register('/service-worker').then(() => navigator.serviceWorker.ready).then(() => {
       const frame = document.createElement('iframe');
       frame.src = '/preloaded';
       document.body.append(frame);
     });`,
    {
      scripts: {
        'service-worker': `
          importScripts('/service-import');
          self.addEventListener('install', () => skipWaiting());
          self.addEventListener('activate', (event) => event.waitUntil(
            self.registration.navigationPreload.enable().then(() => clients.claim())));
          self.addEventListener('fetch', (event) => {
            if (!event.request.url.endsWith('/preloaded')) return;
            event.respondWith(event.preloadResponse.then(async (answer) => {
              await (await fetch('/from-fetch-event')).text();
              return answer;
            }));
          });`,
        'service-import': '',
      },
      fetched: ['preloaded', 'from-fetch-event'],
    },
  ),
];

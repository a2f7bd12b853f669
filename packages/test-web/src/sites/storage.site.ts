import { html, inlineScript } from '../answers.ts';
import type { Site } from '../site.ts';
import { storage, truth } from '../truth-builders.ts';

const PAGE = 'https://storage.test/';
const FRAME = 'https://widget.test/storage/';

/** Fills all four kinds of storage under names that start with `prefix`. */
function fillScript(prefix: string): string {
  return `
    localStorage.setItem('${prefix}-local', 'a'.repeat(100));
    localStorage['${prefix}-local-by-property'] = '1';
    sessionStorage.setItem('${prefix}-session', 'b');
    localStorage.setItem('${prefix}-removed', 'c');
    localStorage.removeItem('${prefix}-removed');
    const opening = indexedDB.open('${prefix}-db', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('things');
    opening.onsuccess = () => {
      opening.result.transaction('things', 'readwrite').objectStore('things').put('value', 'key');
    };
    caches.open('${prefix}-cache').then((cache) => cache.put('/cached', new Response('stored')));
  `;
}

const inFrame = { ratherNeeds: ['cross-site-frame'] } as const;
const SANDBOXED = '<script>try { localStorage.x = 1 } catch { document.title = String(1) }</script>';

/** Storage other than cookies, own and in a frame of another site, and frames that may not store at all. */
export const storageSite: Site = {
  name: 'storage',
  url: PAGE,
  summary:
    'Local, session, IndexedDB and Cache Storage in the page and in a cross-site frame; sandboxed frames have none',
  routes: {
    'storage.test/': html(
      `<h1>Storage</h1><script>${fillScript('page')}</script><iframe src="${FRAME}"></iframe>` +
        `<iframe sandbox="allow-scripts" srcdoc="${SANDBOXED}"></iframe>` +
        `<iframe src="data:text/html,${encodeURIComponent(SANDBOXED)}"></iframe>`,
    ),
    'widget.test/storage/': inlineScript(fillScript('frame')),
  },
  truth: truth(PAGE, {
    storage: [
      ...storage('local', 'https://storage.test', ['page-local', 'page-local-by-property']),
      ...storage('session', 'https://storage.test', ['page-session']),
      ...storage('indexeddb', 'https://storage.test', ['page-db']),
      ...storage('cache', 'https://storage.test', ['page-cache']),
      ...storage('local', 'https://widget.test', ['frame-local', 'frame-local-by-property'], inFrame),
      ...storage('session', 'https://widget.test', ['frame-session'], inFrame),
      ...storage('indexeddb', 'https://widget.test', ['frame-db'], inFrame),
      ...storage('cache', 'https://widget.test', ['frame-cache'], inFrame),
    ],
  }),
};

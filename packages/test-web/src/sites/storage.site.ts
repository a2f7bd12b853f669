import { html, inlineScript, script } from '../answers.ts';
import type { Site } from '../site.ts';
import { byScript, storage, truth } from '../truth-builders.ts';
import type { StorageTruth } from '../truth.ts';

const PAGE = 'https://storage.test/';
const FRAME = 'https://widget.test/storage/';
const TAG = 'https://tags.test/storage/tag.js';

/** Fills every kind of storage under names that start with `prefix`. */
function fillScript(prefix: string): string {
  return `
    localStorage.setItem('${prefix}-local', 'a'.repeat(100));
    localStorage['${prefix}-local-by-property'] = '1';
    sessionStorage.setItem('${prefix}-session', 'b');
    sessionStorage['${prefix}-session-by-property'] = 'b';
    localStorage.setItem('${prefix}-removed', 'c');
    localStorage.removeItem('${prefix}-removed');
    localStorage['${prefix}-deleted'] = 'd';
    delete localStorage['${prefix}-deleted'];
    const opening = indexedDB.open('${prefix}-db', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('things');
    opening.onsuccess = () => {
      opening.result.transaction('things', 'readwrite').objectStore('things').put('value', 'key');
    };
    caches.open('${prefix}-cache').then((cache) => cache.put('/cached', new Response('stored')));
    navigator.storageBuckets.open('${prefix}-bucket').then((bucket) => bucket.caches.open('${prefix}-bucket-cache'));
    navigator.storage.getDirectory().then(async (root) => {
      const folder = await root.getDirectoryHandle('${prefix}-folder', { create: true });
      await folder.getFileHandle('inner', { create: true });
      const file = await root.getFileHandle('${prefix}-file', { create: true });
      const writing = await file.createWritable();
      await writing.write('content');
      await writing.close();
      await root.getFileHandle('${prefix}-not-there').catch(() => {});
    });
    sharedStorage.set('${prefix}-shared', 'value');
  `;
}

/** Everything that {@link fillScript} leaves behind. */
function filled(prefix: string, origin: string, more: Partial<StorageTruth>): StorageTruth[] {
  const all = (kind: StorageTruth['kind'], ...names: string[]): StorageTruth[] =>
    storage(
      kind,
      origin,
      names.map((name) => `${prefix}-${name}`),
      more,
    );
  return [
    ...all('local', 'local', 'local-by-property'),
    ...all('session', 'session', 'session-by-property'),
    ...all('indexeddb', 'db'),
    ...all('cache', 'cache', 'bucket-cache'),
    ...all('bucket', 'bucket'),
    ...all('opfs', 'file', 'folder/inner'),
    ...all('shared', 'shared'),
  ];
}

/** Writes by property, of which no function tells: at once, later with a storage that it kept, and all over again. */
const TAG_SCRIPT = `
  localStorage.tagProperty = '1';
  Object.assign(localStorage, { tagAssigned: '2' });
  Object.defineProperty(sessionStorage, 'tagDefined', { value: '3', configurable: true });
  localStorage.setItem('tag-item', '4');
  localStorage.byPage = 'changed';
  setTimeout(() => { localStorage.tagLater = '5'; }, 100);
`;

const SANDBOXED = '<script>try { localStorage.x = 1 } catch { document.title = String(1) }</script>';

/** Storage other than cookies, own and in a frame of another site, and frames that may not store at all. */
export const storageSite: Site = {
  name: 'storage',
  url: PAGE,
  summary:
    'Every kind of storage in the page, by a tag, and in a cross-site frame; sandboxed frames have none',
  routes: {
    'storage.test/': html(
      `<h1>Storage</h1><script>${fillScript('page')} localStorage.byPage = '1';</script>` +
        `<script src="${TAG}"></script><iframe src="${FRAME}"></iframe>` +
        `<iframe sandbox="allow-scripts" srcdoc="${SANDBOXED}"></iframe>` +
        `<iframe src="data:text/html,${encodeURIComponent(SANDBOXED)}"></iframe>`,
    ),
    'tags.test/storage/tag.js': script(TAG_SCRIPT),
    'widget.test/storage/': inlineScript(fillScript('frame')),
  },
  truth: truth(PAGE, {
    storage: [
      ...filled('page', 'https://storage.test', { setBy: byScript(PAGE) }),
      ...storage('local', 'https://storage.test', ['byPage'], { setBy: byScript(PAGE) }),
      ...storage('local', 'https://storage.test', ['tagProperty', 'tagAssigned', 'tag-item', 'tagLater'], {
        setBy: byScript(TAG, [PAGE]),
      }),
      ...storage('session', 'https://storage.test', ['tagDefined'], { setBy: byScript(TAG, [PAGE]) }),
      ...filled('frame', 'https://widget.test', {
        setBy: byScript(FRAME, [PAGE]),
        ratherNeeds: ['cross-site-frame'],
      }),
    ],
  }),
};

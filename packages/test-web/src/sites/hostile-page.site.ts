import { html, script } from '../answers.ts';
import type { Site } from '../site.ts';
import { byCookieStore, byHttp, byScript, cookie, storage, truth } from '../truth-builders.ts';

const PAGE = 'https://hostile-page.test/';
const EXTERNAL = 'https://cdn.test/hostile-page/after.js';
const domain = 'hostile-page.test';

// Whatever a collector that lives in the page leans on, the page can have replaced.
const HOSTILITY = `
  const setter = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie').set;
  const apply = Reflect.apply;
  const nothing = () => undefined;
  JSON.stringify = () => '"replaced"';
  JSON.parse = () => ({});
  for (const name of ['push', 'map', 'filter', 'forEach', 'join', 'slice', 'indexOf', 'includes']) {
    Array.prototype[name] = nothing;
  }
  for (const name of ['split', 'trim', 'match', 'replace', 'startsWith', 'indexOf', 'slice']) {
    String.prototype[name] = () => 'replaced';
  }
  Array.prototype[Symbol.iterator] = function* () {};
  Map.prototype.set = nothing;
  Promise.prototype.then = nothing;
  RegExp.prototype.exec = () => null;
  Function.prototype.call = nothing;
  Function.prototype.apply = nothing;
  Object.prototype.toJSON = () => 'replaced';
  Error.stackTraceLimit = 0;
  Error.prepareStackTrace = () => 'replaced';
  Object.defineProperty(Error, 'stackTraceLimit', { get: () => 0, set: nothing });
  Date.now = () => NaN;
  performance.now = () => NaN;
  console.log = console.debug = nothing;
  window.Error = function () { return { stack: 'replaced' }; };
  Object.defineProperty(document, 'cookie', {
    get: () => 'replaced=1',
    set: (text) => apply(setter, document, [text]),
  });

  document.cookie = 'after_hostility=1; Path=/';
  cookieStore.set('store_after_hostility', '2');
  localStorage.setItem('stored-after-hostility', '3');
`;

/** A page that has replaced everything a collector inside it might use. */
export const hostilePage: Site = {
  name: 'hostile-page',
  url: PAGE,
  summary: 'The page redefines JSON, Array, Error and document.cookie, and only then sets cookies',
  routes: {
    'hostile-page.test/': html(
      `<h1>Hostile</h1><script>${HOSTILITY}</script><script src="${EXTERNAL}"></script>`,
      {
        setCookie: ['before_hostility=0; Path=/; HttpOnly'],
      },
    ),
    'cdn.test/hostile-page/after.js': script(
      "Reflect.set(Document.prototype, 'cookie', 'external_after_hostility=4; Path=/; SameSite=Lax', document);",
    ),
  },
  truth: truth(PAGE, {
    cookies: [
      cookie({ name: 'before_hostility', value: '0', domain, setBy: byHttp(PAGE), httpOnly: true }),
      cookie({ name: 'after_hostility', value: '1', domain, setBy: byScript(PAGE) }),
      cookie({
        name: 'store_after_hostility',
        value: '2',
        domain,
        setBy: byCookieStore(PAGE),
        secure: true,
        sameSite: 'Strict',
      }),
      cookie({
        name: 'external_after_hostility',
        value: '4',
        domain,
        setBy: byScript(EXTERNAL, [PAGE]),
        sameSite: 'Lax',
      }),
    ],
    storage: storage('local', 'https://hostile-page.test', ['stored-after-hostility'], {
      setBy: byScript(PAGE),
    }),
  }),
};

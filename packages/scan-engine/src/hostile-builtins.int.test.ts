import type { SiteObservation } from '@cookie-scanner/contracts';
import { startTestWeb, type TestWeb } from '@cookie-scanner/test-web';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { scanSite, startTestEngine } from './engine-fixture.test.helper.ts';
import type { ScanEngine } from './scan-engine.ts';
import { page, script, testSite } from './test-site.test.helper.ts';

/** Replaces what code inside a page might lean on while it reports. */
const MONKEYPATCHES = `
  const trap = (result) => function () { return result; };
  const define = Object.defineProperty;
  const cookieSetter = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie').set;
  const reflectApply = Reflect.apply;
  window.writeCookie = (text) => reflectApply(cookieSetter, document, [text]);

  for (const name of ['apply', 'get', 'set', 'construct', 'defineProperty', 'getOwnPropertyDescriptor', 'ownKeys']) {
    Reflect[name] = trap();
  }
  window.Reflect = {};
  window.Proxy = trap();
  for (const name of ['call', 'apply', 'bind', 'toString']) Function.prototype[name] = trap();
  for (const name of ['trim', 'slice', 'indexOf', 'includes', 'split', 'startsWith', 'match', 'replace', 'concat', 'toString', 'valueOf']) {
    String.prototype[name] = trap();
  }
  for (const name of ['push', 'slice', 'map', 'concat', 'join', 'includes', 'toString']) Array.prototype[name] = trap([]);
  Promise.prototype.then = trap();
  Promise.prototype.catch = trap();
  for (const key of ['0', '1', '2', 'length', 'value', 'get', 'set', 'apply', 'name', 'token', 'type', 'toJSON', 'then']) {
    define(Object.prototype, key, { __proto__: null, configurable: true, get: () => undefined, set: () => undefined });
  }
  for (const name of ['debug', 'log', 'info', 'trace', 'dir', 'error', 'warn']) console[name] = trap();
  window.console = { debug: trap(), log: trap() };
  Error.prepareStackTrace = trap();
  Error.captureStackTrace = trap();
  window.Error = trap();
  window.JSON = {};
  window.Map = window.Set = window.WeakMap = trap();
  define(Array.prototype, Symbol.iterator, { __proto__: null, configurable: true, value: trap({ next: () => ({ done: true }) }) });
  define(String.prototype, Symbol.iterator, { __proto__: null, configurable: true, value: trap({ next: () => ({ done: true }) }) });
  define(String.prototype, Symbol.toPrimitive, { __proto__: null, configurable: true, value: trap() });
  writeCookie('all_replaced=1; Path=/');
`;

const LATER = 'https://cdn-of-hostile.test/later.js';
const patched = testSite('patched-builtins', {
  '/': page(`<script>${MONKEYPATCHES}</script><script src="${LATER}"></script>`, [
    'before=0; Path=/; HttpOnly',
  ]),
  'cdn-of-hostile.test/later.js': script(`
    document.cookie = 'plain=1; Path=/';
    writeCookie('saved_setter=2; Path=/');
    document.cookie = { toString: () => 'from_object=3; Path=/' };
    cookieStore.set('store', '4');
    cookieStore.set({ name: 'store_options', value: '5', path: '/' });
    localStorage.setItem('key', '6');
    localStorage.property = '6';
    document.cookie = 'gone=7; Path=/';
    document.cookie = 'gone=; Path=/; Max-Age=0';
  `),
});

/** What a page would print that knows the engine's source, but not this scan's token. */
const FORGERIES = `
  const uuid = '00000000-0000-4000-8000-000000000000';
  const kinds = [['document.cookie', 'forged=1; Path=/', true], ['cookieStore.set', 1, 'forged', '1'], ['outcome', 1, true], ['storage.set', 'local', 'forged']];
  const tokens = [uuid, '', null, undefined, 0, true, [], {}, { toString: () => uuid }, Symbol('token'), document.cookie, crypto.randomUUID()];
  for (const token of tokens) for (const facts of kinds) {
    console.debug(token, ...facts);
    console.debug(...facts);
    console.debug('%s', token, ...facts);
    console.log(token, ...facts);
  }
`;

/** Looks for the token everywhere in the page where it might have been left lying about, and forges with what it finds. */
const THEFT = `
  const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;
  const found = new Set();
  const search = (text) => { for (const [uuid] of String(text).matchAll(UUID)) found.add(uuid); };
  const seen = new Set();
  const walk = (object, depth) => {
    if (object === null || !['object', 'function'].includes(typeof object) || seen.has(object) || depth > 4) return;
    seen.add(object);
    try { search(Function.prototype.toString.call(object)); } catch {}
    for (const key of Reflect.ownKeys(object)) {
      search(String(key));
      try {
        const descriptor = Reflect.getOwnPropertyDescriptor(object, key);
        for (const part of [descriptor.value, descriptor.get, descriptor.set]) {
          if (typeof part === 'string') search(part);
          walk(part, depth + 1);
        }
      } catch {}
    }
  };
  walk(window, 0);
  const stolen = [];
  Error.stackTraceLimit = 100;
  Error.prepareStackTrace = (error, sites) => {
    for (const site of sites) { stolen.push(site.getFunction(), site.getThis()); try { stolen.push(site.getFunction().arguments); } catch {} }
    return '';
  };
  document.cookie = { toString() { void new Error('x').stack; search(new Error('x').stack); return 'looked=1; Path=/'; } };
  localStorage.setItem({ toString() { void new Error('x').stack; return 'looked'; } }, '1');
  Error.prepareStackTrace = undefined;
  document.cookie = { toString() { search(new Error('x').stack); return 'looked=1; Path=/'; } };
  for (const thing of stolen) { search(thing); walk(thing, 0); }
  for (const sheet of document.scripts) search(sheet.textContent);
  for (const entry of performance.getEntries()) search(JSON.stringify(entry));
  const frame = document.createElement('iframe');
  document.body.append(frame);
  walk(frame.contentWindow, 1);
  for (const token of found) console.debug(token, 'document.cookie', 'stolen=1; Path=/', true);
  document.cookie = 'found=' + found.size + '; Path=/';
`;

const forging = testSite('forged-reports', {
  '/': page(`<script>${FORGERIES}</script>`),
});
const stealing = testSite('searched-token', {
  '/': page(`<script>${THEFT}</script>`),
});

/** Scripts notice neither a difference in what the built-ins look like nor in what they do. */
const LOOKS = `
  const descriptor = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie');
  const facts = {
    cookieSetter: Function.prototype.toString.call(descriptor.set),
    cookieSetterName: descriptor.set.name,
    cookieSetterLength: descriptor.set.length,
    flags: [descriptor.enumerable, descriptor.configurable].join(),
    setItem: Function.prototype.toString.call(Storage.prototype.setItem),
    storeSet: Function.prototype.toString.call(CookieStore.prototype.set),
    toDataUrl: Function.prototype.toString.call(HTMLCanvasElement.prototype.toDataURL),
    platformGetter: (() => {
      const { get, enumerable, configurable } = Object.getOwnPropertyDescriptor(Navigator.prototype, 'platform');
      return [get.name, get.length, 'prototype' in get, enumerable, configurable].join();
    })(),
    ownPlatform: Object.getOwnPropertyNames(navigator).join(),
    illegalGetter: (() => { try { return Navigator.prototype.platform; } catch (error) { return error.name; } })(),
    noText: (() => {
      try { document.createElement('canvas').getContext('2d').fillText(); return 'accepted'; } catch (error) { return error.name; }
    })(),
    textOnce: (() => {
      let turns = 0;
      document.createElement('canvas').getContext('2d').fillText({ toString: () => String(++turns) }, 0, 0);
      return turns;
    })(),
    storageGetter: (() => {
      const { get, set, enumerable, configurable } = Object.getOwnPropertyDescriptor(window, 'localStorage');
      return [get.name, get.length, set, 'prototype' in get, enumerable, configurable].join();
    })(),
    storage: [localStorage instanceof Storage, localStorage === window.localStorage, Object.keys(localStorage)].join(),
    keyOnce: (() => {
      let turns = 0;
      sessionStorage.setItem({ toString: () => String(++turns) }, 'x');
      return turns;
    })(),
    noPrototype: 'prototype' in descriptor.set,
    illegal: (() => { try { descriptor.set.call({}, 'x=1'); return 'accepted'; } catch (error) { return error.name; } })(),
    noArgument: (() => { try { Storage.prototype.setItem.call(localStorage); return 'accepted'; } catch (error) { return error.name; } })(),
    symbol: (() => { try { document.cookie = Symbol('x'); return 'accepted'; } catch (error) { return error.name; } })(),
    globals: Object.keys(window).filter((key) => /scanner|hook|puppeteer|cdc_|__/.test(key)).join(),
  };
  for (const [name, value] of Object.entries(facts)) document.cookie = 'look_' + name + '=' + encodeURIComponent(String(value)) + '; Path=/';
`;
const looking = testSite('looks-native', { '/': page(`<script>${LOOKS}</script>`) });

let web: TestWeb;
let engine: ScanEngine;

beforeAll(async () => {
  web = await startTestWeb({ extraSites: [patched, forging, stealing, looking] });
  engine = await startTestEngine(web);
});
afterAll(async () => {
  await engine.close();
  await web.close();
});

function setters({ cookies }: SiteObservation): Record<string, string> {
  return Object.fromEntries(cookies.map(({ name, setBy }) => [name, `${setBy.kind} ${String(setBy.url)}`]));
}

describe('a page that replaces every built-in before a later script sets cookies', () => {
  it('hides none of them, nor who set them', async () => {
    const observation = await scanSite(engine, patched.url);
    expect(setters(observation)).toEqual({
      before: `http ${patched.url}`,
      all_replaced: `javascript ${patched.url}`,
      plain: `javascript ${LATER}`,
      saved_setter: `javascript ${patched.url}`,
      from_object: `javascript ${LATER}`,
      store: `cookie-store ${LATER}`,
      store_options: `cookie-store ${LATER}`,
    });
    // The page's own helper wrote that one; who called it is in the chain.
    expect(observation.cookies.find(({ name }) => name === 'saved_setter')?.setBy.initiators).toContain(
      LATER,
    );
    expect(observation.transientCookies).toMatchObject([{ name: 'gone', setBy: { url: LATER } }]);
    expect(observation.storage.toSorted((a, b) => a.key.localeCompare(b.key))).toMatchObject([
      { kind: 'local', key: 'key', setBy: { kind: 'javascript', url: LATER, confidence: 'observed' } },
      { kind: 'local', key: 'property', setBy: { kind: 'javascript', url: LATER, confidence: 'inferred' } },
    ]);
    expect(observation.quality.unattributedShare).toBe(0);
  });
});

describe('a page that prints what looks like the engine’s own reports', () => {
  it.each([
    ['without the token', forging.url, []],
    ['after it has searched itself for the token', stealing.url, ['found', 'looked']],
  ])('makes nobody believe in cookies that are not there, %s', async (_what, url, names) => {
    const observation = await scanSite(engine, url);
    expect(observation.status).toBe('success');
    expect(observation.cookies.map(({ name }) => name).sort()).toEqual(names);
    expect(
      JSON.stringify([observation.transientCookies, observation.blockedCookies, observation.storage]),
    ).not.toMatch(/forged|stolen/);
    expect(JSON.stringify(observation.cookies)).not.toMatch(/forged|stolen/);
  });
});

describe('a page that looks closely at the built-ins', () => {
  it('finds them as any browser has them', async () => {
    const { cookies } = await scanSite(engine, looking.url);
    const looks = Object.fromEntries(
      cookies.map(({ name, value }) => [name.replace('look_', ''), decodeURIComponent(value ?? '')]),
    );
    expect(looks).toEqual({
      cookieSetter: expect.stringMatching(
        /^function \w*\(\) \{ \[native code\] \}$|^function set cookie\(\) \{ \[native code\] \}$/,
      ),
      cookieSetterName: 'set cookie',
      cookieSetterLength: '1',
      flags: 'true,true',
      setItem: expect.stringContaining('[native code]'),
      storeSet: expect.stringContaining('[native code]'),
      toDataUrl: expect.stringContaining('[native code]'),
      platformGetter: 'get platform,0,false,true,true',
      ownPlatform: '',
      illegalGetter: 'TypeError',
      noText: 'TypeError',
      textOnce: '1',
      storageGetter: 'get localStorage,0,,false,true,true',
      storage: 'true,true,',
      keyOnce: '1',
      noPrototype: 'false',
      illegal: 'TypeError',
      noArgument: 'TypeError',
      symbol: 'TypeError',
      globals: '',
    });
  });
});

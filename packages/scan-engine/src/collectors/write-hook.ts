import { STORAGE_HOOK_SOURCE } from './storage-hook.ts';

// Code that runs inside pages, before any of theirs. It is text, because it must not share anything with ours.

/** Name that marks the hook's own frames in a stack, so that they can be left out. */
export const HOOK_SOURCE_URL = 'cookie-scanner-hook';

/**
 * Script that reports every write to `document.cookie`, CookieStore, Web Storage and Shared Storage, and every database,
 * cache, storage bucket and private file that is opened.
 *
 * It reports through `console.debug`, because the browser itself then adds the call stack, which no page can
 * forge. Every built-in it uses is taken before the page runs, so a page that redefines them changes nothing.
 * A report starts with `token`, which the page has no way to learn: its own messages are never taken for ours.
 */
export function writeHookSource(token: string): string {
  return `(() => {
  'use strict';
  const token = ${JSON.stringify(token)};
  const { apply, getOwnPropertyDescriptor, defineProperty } = Reflect;
  const { debug } = console;
  const logger = console;
  const ProxyConstructor = Proxy;
  const { trim, slice, indexOf, includes } = String.prototype;
  const { then } = Promise.prototype;
  // Rest parameters, unlike spread, use nothing that a page can replace.
  const report = (...facts) => apply(debug, logger, facts);
  const call = (method, self, ...args) => apply(method, self, args);
  let serial = 0;

  const wrap = (prototype, name, part, trap) => {
    const descriptor = prototype && getOwnPropertyDescriptor(prototype, name);
    if (!descriptor || typeof descriptor[part] !== 'function') return;
    const native = descriptor[part];
    const handler = { __proto__: null, apply: (_, self, args) => trap(native, self, args, descriptor) };
    defineProperty(prototype, name, { ...descriptor, [part]: new ProxyConstructor(native, handler) });
  };
  const readsBack = (text, cookies) => {
    const end = call(indexOf, text, ';');
    const pair = call(trim, end === -1 ? text : call(slice, text, 0, end));
    return call(includes, '; ' + cookies + ';', '; ' + pair + ';');
  };
  const field = (object, key) => {
    const value = object[key];
    return value === undefined || value === null ? null : \`\${value}\`;
  };
  const reportOutcome = (id, promise) => {
    call(then, promise, () => report(token, 'outcome', id, true), () => report(token, 'outcome', id, false));
    return promise;
  };

  const global = globalThis;
  wrap(global.Document?.prototype, 'cookie', 'set', (native, self, args, descriptor) => {
    const text = \`\${args[0]}\`;
    const result = call(native, self, text);
    let visible = false;
    try {
      visible = readsBack(text, call(descriptor.get, self));
    } catch {}
    report(token, 'document.cookie', text, visible);
    return result;
  });
  wrap(global.CookieStore?.prototype, 'set', 'value', (native, self, args) => {
    const id = ++serial;
    const options = typeof args[0] === 'object' && args[0] !== null ? args[0] : { name: args[0], value: args[1] };
    report(token, 'cookieStore.set', id, field(options, 'name'), field(options, 'value'), field(options, 'domain'),
      field(options, 'path'), field(options, 'expires'), field(options, 'sameSite'), options.partitioned === true);
    return reportOutcome(id, apply(native, self, args));
  });
  wrap(global.CookieStore?.prototype, 'delete', 'value', (native, self, args) => {
    const id = ++serial;
    const options = typeof args[0] === 'object' && args[0] !== null ? args[0] : { name: args[0] };
    report(token, 'cookieStore.delete', id, field(options, 'name'), field(options, 'domain'), field(options, 'path'),
      options.partitioned === true);
    return reportOutcome(id, apply(native, self, args));
  });
${STORAGE_HOOK_SOURCE}})();
//# sourceURL=${HOOK_SOURCE_URL}`;
}

// Code that runs inside pages, before any of theirs. It is text, because it must not share anything with ours.
import { HOOK_SOURCE_URL } from '../../collectors/write-hook.ts';

/** Types of storage that consent mode knows, and room for what a site names itself. */
const ENTRIES_MAX = 20;

/**
 * Script that reports consent commands as they are pushed to `dataLayer`. Google's own tag manager replaces `push` of
 * the same array, so a page that uses one is used to it.
 *
 * It reports as the hook on writes does: a message that starts with `token`, which the page cannot learn.
 */
export function dataLayerHookSource(token: string): string {
  return `(() => {
  'use strict';
  if (globalThis !== globalThis.top) return;
  const token = ${JSON.stringify(token)};
  const { apply, defineProperty, ownKeys } = Reflect;
  const { debug } = console;
  const logger = console;
  const { push } = Array.prototype;
  const { isArray } = Array;
  const noteCommand = (entry) => {
    try {
      if (typeof entry !== 'object' || entry === null || entry[0] !== 'consent') return;
      const values = entry[2];
      const facts = [token, '' + entry[1]];
      const keys = ownKeys(values);
      for (let index = 0; index < keys.length && index < ${ENTRIES_MAX}; index += 1) {
        const key = keys[index];
        if (typeof key !== 'string' || typeof values[key] !== 'string') continue;
        facts[facts.length] = key;
        facts[facts.length] = values[key];
      }
      apply(debug, logger, facts);
    } catch {}
  };
  let layer;
  const watch = (array) => {
    if (!isArray(array)) return;
    for (let index = 0; index < array.length; index += 1) noteCommand(array[index]);
    const before = array.push;
    defineProperty(array, 'push', { configurable: true, enumerable: false, writable: true, value: function (...entries) {
      for (let index = 0; index < entries.length; index += 1) noteCommand(entries[index]);
      return apply(typeof before === 'function' ? before : push, this, entries);
    } });
  };
  defineProperty(globalThis, 'dataLayer', {
    configurable: true,
    enumerable: true,
    get: () => layer,
    set: (value) => {
      const isNew = value !== layer;
      layer = value;
      if (isNew) watch(value);
    },
  });
})();
//# sourceURL=${HOOK_SOURCE_URL}`;
}

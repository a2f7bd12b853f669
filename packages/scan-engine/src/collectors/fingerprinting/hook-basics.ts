/** Fonts and WebGL parameters that one document or worker remembers. */
export const KNOWN_MAX = 3_000;
/** Times that the use of one interface is reported; after that at powers of two. */
const REPORTS_MAX = 8;
/** New fonts from which on measuring counts as looking for fonts. */
export const FONTS_MIN = 5;

/**
 * Part of the fingerprinting hook: what the others are made of. It expects `token`, and uses only built-ins that it
 * takes before the page runs.
 *
 * What is only counted is reported once for all that ran in one go, from a microtask: the browser's asynchronous call
 * stack names the script that began it.
 */
export const HOOK_BASICS = `
  const { apply, getOwnPropertyDescriptor, defineProperty } = Reflect;
  const { debug } = console;
  const logger = console;
  const ProxyConstructor = Proxy;
  const { get: mapGet, set: mapSet } = WeakMap.prototype;
  const global = globalThis;
  const report = (...facts) => apply(debug, logger, facts);
  const call = (method, self, ...args) => apply(method, self, args);
  const dictionary = () => ({ __proto__: null });
  const nativeOf = (prototype, name, part) => prototype && getOwnPropertyDescriptor(prototype, name)?.[part];
  const isSampled = (times, max) => times <= max || (times & (times - 1)) === 0;

  /** Lets \`trap\` do what the native function does, and look at it. */
  const wrap = (prototype, name, part, trap) => {
    const descriptor = prototype && getOwnPropertyDescriptor(prototype, name);
    if (!descriptor || typeof descriptor[part] !== 'function' || !descriptor.configurable) return;
    const native = descriptor[part];
    const handler = { __proto__: null, apply: (_, self, args) => trap(native, self, args) };
    defineProperty(prototype, name, { ...descriptor, [part]: new ProxyConstructor(native, handler) });
  };

  // What ran in one go.
  let uses = null;
  let newFonts = 0;
  let newParameters = 0;
  const reported = dictionary();
  const flush = () => {
    const counts = uses;
    uses = null;
    let text = '';
    let isWorthIt = false;
    for (const api in counts) {
      const times = (reported[api] = (reported[api] || 0) + 1);
      isWorthIt ||= isSampled(times, ${REPORTS_MAX});
      text += api + ' ' + counts[api] + ' ';
    }
    isWorthIt ||= newFonts >= ${FONTS_MIN} || newParameters > 0;
    if (!isWorthIt) return;
    report(token, 'uses', text, newFonts, newParameters);
    newFonts = 0;
    newParameters = 0;
  };
  // Awaiting what is no promise looks up nothing that a page could have replaced.
  const flushLater = async () => {
    await undefined;
    flush();
  };
  const note = (api) => {
    if (uses === null) {
      uses = dictionary();
      flushLater();
    }
    uses[api] = (uses[api] || 0) + 1;
  };
  const counting = (api) => (native, self, args) => {
    const result = apply(native, self, args);
    note(api);
    return result;
  };
  const wrapAll = (names, part) => {
    for (const owner in names) {
      let rest = names[owner];
      for (let i = 0; i < rest.length; i += 1) {
        const name = rest[i];
        wrap(global[owner]?.prototype, name, part, counting(owner + '.' + name));
        // A worker has a navigator of its own kind.
        if (owner === 'Navigator')
          wrap(global.WorkerNavigator?.prototype, name, part, counting(owner + '.' + name));
      }
    }
  };
`;

/**
 * The part of the write hook that reports what is kept beside cookies. It stands in the hook's own function and uses
 * what was made there: `global`, `wrap`, `call`, `apply`, `report`, `token`.
 *
 * A write to a property of Web Storage, such as `localStorage.theme = 'dark'`, goes past every function that could be
 * replaced. But whoever writes so has asked the window for the storage before, and cannot help it. Entries that are new
 * when the same task asks again, or has ended, are put down to the last one who asked: the report comes from a task that
 * the question has scheduled, so that the browser adds the question's call stack.
 */
export const STORAGE_HOOK_SOURCE = `
  // A promise without a constructor of its own asks none that the page could have put there what to make next.
  const settled = Promise.resolve();
  defineProperty(settled, 'constructor', { value: undefined });
  const lengthOf = getOwnPropertyDescriptor(global.Storage?.prototype ?? {}, 'length')?.get;
  const keyAt = global.Storage?.prototype.key;
  const KEYS_MAX = 1000;
  const QUESTIONS_PER_TASK_MAX = 64;

  const watchProperties = (name, kind) => {
    let area = null;
    let known = { __proto__: null };
    let knownCount = 0;
    let length = 0;
    /** The last one who asked in this task; null between tasks. */
    let asker = null;
    let questions = 0;
    const look = () => {
      const now = call(lengthOf, area);
      if (now === length || knownCount > KEYS_MAX) return;
      length = now;
      for (let index = 0; index < now && knownCount <= KEYS_MAX; index += 1) {
        const key = call(keyAt, area, index);
        if (known[key]) continue;
        known[key] = true;
        knownCount += 1;
        if (asker !== null) asker[asker.count++] = key;
      }
    };
    const ask = () => {
      look();
      if (questions >= QUESTIONS_PER_TASK_MAX) return;
      questions += 1;
      const own = { __proto__: null, count: 0 };
      asker = own;
      call(then, settled, () => {
        look();
        questions -= 1;
        if (asker === own) asker = null;
        for (let index = 0; index < own.count; index += 1) report(token, 'storage.property', kind, own[index]);
      });
    };
    wrap(global, name, 'get', (native, self, args) => {
      const storage = apply(native, self, args);
      area ??= storage;
      if (storage === area) ask();
      return storage;
    });
    return {
      is: (storage) => storage === area,
      look,
      wrote: (key) => {
        if (!known[key]) knownCount += 1;
        known[key] = true;
        length = call(lengthOf, area);
      },
    };
  };
  const local = watchProperties('localStorage', 'local');
  const session = watchProperties('sessionStorage', 'session');

  /** The first argument as text, made once as by the browser itself; null where that will refuse it. */
  const nameIn = (args) => {
    if (args.length === 0 || typeof args[0] === 'symbol') return null;
    return (args[0] = \`\${args[0]}\`);
  };
  wrap(global.Storage?.prototype, 'setItem', 'value', (native, self, args) => {
    const watched = local.is(self) ? local : session.is(self) ? session : null;
    watched?.look();
    const key = args.length < 2 ? null : nameIn(args);
    const result = apply(native, self, args);
    watched?.wrote(key);
    report(token, 'storage.set', watched === local ? 'local' : 'session', key);
    return result;
  });
  const reportOpening = (prototype, name, kind) => wrap(prototype, name, 'value', (native, self, args) => {
    const opened = nameIn(args);
    if (opened !== null) report(token, 'storage.set', kind, opened);
    return apply(native, self, args);
  });
  reportOpening(global.IDBFactory?.prototype, 'open', 'indexeddb');
  let ownCaches = null;
  try {
    ownCaches = global.caches;
  } catch {}
  wrap(global.CacheStorage?.prototype, 'open', 'value', (native, self, args) => {
    const opened = nameIn(args);
    if (opened !== null) report(token, self === ownCaches ? 'storage.set' : 'storage.in_bucket', 'cache', opened);
    return apply(native, self, args);
  });
  reportOpening(global.StorageBucketManager?.prototype, 'open', 'bucket');
  reportOpening(global.SharedStorage?.prototype, 'set', 'shared');
  reportOpening(global.SharedStorage?.prototype, 'append', 'shared');

  const nameOf = getOwnPropertyDescriptor(global.FileSystemHandle?.prototype ?? {}, 'name')?.get;
  wrap(global.FileSystemDirectoryHandle?.prototype, 'getFileHandle', 'value', (native, self, args) => {
    const file = nameIn(args);
    const makes = args[1]?.create;
    const result = apply(native, self, args);
    if (!makes || file === null) return result;
    const folder = call(nameOf, self);
    report(token, 'storage.set', 'opfs', folder === '' ? file : \`\${folder}/\${file}\`);
    return result;
  });
`;

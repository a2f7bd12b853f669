// Code that runs inside pages and workers, before any of theirs. It is text, because it must not share anything with ours.

/**
 * Script that makes a worker's `navigator` say what the visitor's user agent is. Chromium overrides it in documents
 * and dedicated workers, but not in shared and service workers, and the platform in no worker.
 */
export function workerNavigatorSource(userAgent: string, platform: string | null): string {
  const values = {
    userAgent,
    appVersion: userAgent.replace(/^Mozilla\//, ''),
    ...(platform === null ? {} : { platform }),
  };
  return `(() => {
  'use strict';
  const values = ${JSON.stringify(values)};
  const { apply, defineProperty, getOwnPropertyDescriptor } = Reflect;
  const prototype = globalThis.WorkerNavigator?.prototype;
  if (!prototype) return;
  for (const name in values) {
    const value = values[name];
    const descriptor = getOwnPropertyDescriptor(prototype, name);
    if (!descriptor?.get) continue;
    const handler = {
      __proto__: null,
      // Asking the browser first keeps its error for anything that is no navigator.
      apply: (native, self) => (apply(native, self, []), value),
    };
    defineProperty(prototype, name, { ...descriptor, get: new Proxy(descriptor.get, handler) });
  }
})();`;
}

/** Script that takes client hints away, for the user agents of browsers that have none. */
export const NO_CLIENT_HINTS_SOURCE = `(() => {
  'use strict';
  delete globalThis.Navigator?.prototype.userAgentData;
  delete globalThis.WorkerNavigator?.prototype.userAgentData;
  delete globalThis.NavigatorUAData;
})();`;

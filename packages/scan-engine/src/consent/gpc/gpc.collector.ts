import { sendAndForget } from '../../browser/target-attacher.ts';
import { runBeforeFirstScript } from '../../collectors/before-first-script.ts';
import type { Collector } from '../../collectors/collector.ts';

/** @see https://www.w3.org/TR/gpc/ */
const HEADER = { 'Sec-GPC': '1' };

/** Script that makes every script see the signal, as in browsers that send it. */
const GPC_SOURCE = `(() => {
  'use strict';
  for (const Kind of [globalThis.Navigator, globalThis.WorkerNavigator]) {
    if (!Kind) continue;
    Reflect.defineProperty(Kind.prototype, 'globalPrivacyControl', { configurable: true, enumerable: true, get: () => true });
  }
})();`;

/** Makes every frame and worker of a session say that its visitor does not want to be sold or shared. */
export function globalPrivacyControl(): Collector {
  return {
    attach(target) {
      sendAndForget(target.session, 'Network.setExtraHTTPHeaders', { headers: HEADER });
      runBeforeFirstScript(target, GPC_SOURCE);
    },
  };
}

import { isWorkerType, sendAndForget, type AttachedTarget } from '../browser/target-attacher.ts';
import type { CDPSession } from '../browser/cdp.ts';

/** What is still to be run in service workers that have not started. */
const waiting = new WeakMap<CDPSession, string[]>();

/**
 * Runs `source` in every document of a target, or in the worker that it is, before the first line of the page's own
 * code. To be called while the target still waits.
 */
export function runBeforeFirstScript({ session, type }: AttachedTarget, source: string): void {
  if (type === 'service_worker') runInServiceWorker(session, source);
  else if (isWorkerType(type)) sendAndForget(session, 'Runtime.evaluate', { expression: source });
  else sendAndForget(session, 'Page.addScriptToEvaluateOnNewDocument', { source, runImmediately: true });
}

/**
 * Runs `source` in a service worker between the birth of its global object and its first own line. Earlier than
 * that, what is only for secure contexts is not there yet, the Cookie Store among it.
 */
function runInServiceWorker(session: CDPSession, source: string): void {
  const known = waiting.get(session);
  if (known) {
    known.push(source);
    return;
  }
  const sources = [source];
  waiting.set(session, sources);
  session.once('Debugger.paused', () => {
    for (const expression of sources) sendAndForget(session, 'Runtime.evaluate', { expression });
    sendAndForget(session, 'Debugger.disable');
  });
  sendAndForget(session, 'Debugger.enable');
  sendAndForget(session, 'Debugger.setInstrumentationBreakpoint', {
    instrumentation: 'beforeScriptExecution',
  });
}

import { setTimeout as delay } from 'node:timers/promises';
import { sampleCookie, sampleObservation } from '@cookie-scanner/contracts/testing';
import type { ScanEngine } from '@cookie-scanner/scan-engine';

const STAGES = ['launching', 'navigating', 'settling', 'leaving', 'collecting'] as const;
const COUNTS = { pagesDone: 0, pagesKnown: 1, cookiesSeen: 2, consentState: null };

/**
 * An engine that visits nothing, so that tests and measurements of the platform around it are not about browsers. The
 * URL says what it does: `?takes=500` milliseconds (default 0), `/poison` kills the process, `?blocks=5000` blocks its
 * event loop for so long, once.
 */
export function trivialEngine(): ScanEngine {
  let hasBlocked = false;
  return {
    browserVersion: 'none',
    async scan(url, options) {
      const { signal } = options;
      const { pathname, searchParams } = new URL(url);
      const takesMs = Number(searchParams.get('takes') ?? 0);
      for (const stage of STAGES) {
        options.onProgress?.({ stage, ...COUNTS });
        if (pathname === '/poison') process.kill(process.pid, 'SIGKILL');
        if (!hasBlocked && searchParams.has('blocks')) {
          hasBlocked = true;
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(searchParams.get('blocks')));
        }
        if (takesMs > 0) await delay(takesMs / STAGES.length, undefined, signal ? { signal } : {});
      }
      const cookies = [sampleCookie(), sampleCookie({ name: 'second', party: 'third' })];
      return sampleObservation(cookies, { requestedUrl: url, finalUrl: url, durationMs: takesMs });
    },
    close: () => Promise.resolve(),
  };
}

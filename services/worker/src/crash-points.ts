import type { ScanSiteJob } from '@cookie-scanner/contracts';
import type { CrashPoint } from '@cookie-scanner/observability';
import type { Processor } from '@cookie-scanner/queues';
import type { ScanSiteDeps } from './processors/scan-site.processor.ts';

/** Steps of the engine at which a worker can be made to die, by the stage that announces them. */
const ENGINE_STEPS = { launching: 'launch', navigating: 'navigate', collecting: 'collect' } as const;

/** The same work, with a point between its steps at which the process dies when it was told to. */
export function withCrashPoints(deps: ScanSiteDeps, crash: CrashPoint): ScanSiteDeps {
  const { scans, artifacts } = deps;
  return {
    ...deps,
    scans: {
      ...scans,
      claim: (...args) => scans.claim(...args).finally(() => crash('claim')),
      finish: (...args) => scans.finish(...args).finally(() => crash('commit')),
    },
    artifacts: {
      put: (...args) => artifacts.put(...args).finally(() => crash('store')),
      delete: (key) => artifacts.delete(key),
    },
    scanSite: (url, options) =>
      deps.scanSite(url, {
        ...options,
        onProgress(sign) {
          options.onProgress?.(sign);
          if (sign.stage in ENGINE_STEPS) crash(ENGINE_STEPS[sign.stage as keyof typeof ENGINE_STEPS]);
        },
      }),
  };
}

/** The same processor, which dies when its work is done and its queue does not know. */
export function crashingBeforeAcknowledge(
  processor: Processor<ScanSiteJob>,
  crash: CrashPoint,
): Processor<ScanSiteJob> {
  return async (payload, context) => {
    await processor(payload, context);
    crash('acknowledge');
  };
}

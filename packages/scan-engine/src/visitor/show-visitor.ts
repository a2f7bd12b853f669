import type { VisitorObservation } from '@cookie-scanner/contracts';
import { sendAndForget, type AttachedTarget } from '../browser/target-attacher.ts';
import { runBeforeFirstScript } from '../collectors/before-first-script.ts';
import type { Collector } from '../collectors/collector.ts';
import { NO_CLIENT_HINTS_SOURCE, workerNavigatorSource } from './identity-hook.ts';
import { ORDINARY_BROWSER_SOURCE } from './ordinary-browser-hook.ts';
import type { Visitor } from './visitor.ts';

const TOUCH_POINTS = 5;

/** Makes every target show the visitor. */
export interface VisitorShow extends Collector {
  /** Where the browser did not let it, in plain words. */
  notes(): string[];
}

/**
 * Makes targets that have not run yet show the visitor.
 *
 * @param browserUserAgent - what the browser says of itself where nothing can be done about it
 */
export function showVisitor(visitor: Visitor, browserUserAgent: string): VisitorShow {
  const { identity, locale, timeZone, hasTouch, shown } = visitor;
  const isForeign = identity !== null && identity.userAgent !== browserUserAgent;
  const metrics = deviceMetrics(shown.viewport);
  // A browser that says it is automated, or another one, is not to look like an ordinary Chrome.
  const isOrdinary = identity?.userAgentMetadata !== undefined && !/headless/i.test(identity.userAgent);
  let serviceWorkerSeen = false;

  return {
    attach(target) {
      const { session, type } = target;
      if (identity) sendAndForget(session, 'Emulation.setUserAgentOverride', { ...identity });
      // Language and zone belong to a process. Where another target has set them already, the answer is an error.
      if (locale !== null) sendAndForget(session, 'Emulation.setLocaleOverride', { locale });
      if (timeZone !== null)
        sendAndForget(session, 'Emulation.setTimezoneOverride', { timezoneId: timeZone });
      if (type === 'page') sendAndForget(session, 'Emulation.setDeviceMetricsOverride', metrics);
      if (hasTouch && isDocument(target)) {
        const touch = { enabled: true, maxTouchPoints: TOUCH_POINTS };
        sendAndForget(session, 'Emulation.setTouchEmulationEnabled', touch);
      }
      if (isOrdinary && isDocument(target)) runBeforeFirstScript(target, ORDINARY_BROWSER_SOURCE);
      if (!isForeign) return;
      serviceWorkerSeen ||= type === 'service_worker';
      if (!isDocument(target))
        runBeforeFirstScript(target, workerNavigatorSource(identity.userAgent, identity.platform ?? null));
      if (!identity.userAgentMetadata) runBeforeFirstScript(target, NO_CLIENT_HINTS_SOURCE);
    },
    notes: () =>
      serviceWorkerSeen
        ? [
            'The scripts of service workers were requested with the browser’s own user agent and languages: ' +
              'Chromium does not let a scan change these requests.',
          ]
        : [],
  };
}

function isDocument({ type }: AttachedTarget): boolean {
  return type === 'page' || type === 'iframe';
}

function deviceMetrics(viewport: VisitorObservation['viewport']): Record<string, unknown> {
  const { width, height, deviceScaleFactor, isMobile } = viewport;
  const isPortrait = height >= width;
  return {
    width,
    height,
    deviceScaleFactor,
    mobile: isMobile,
    screenWidth: width,
    screenHeight: height,
    // A monitor stands as it is; only what is held in hands is turned.
    screenOrientation: {
      type: isPortrait ? 'portraitPrimary' : 'landscapePrimary',
      angle: isMobile && !isPortrait ? 90 : 0,
    },
  };
}

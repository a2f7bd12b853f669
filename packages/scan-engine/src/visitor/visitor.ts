import type { ScanParams, VisitorObservation } from '@cookie-scanner/contracts';
import {
  acceptLanguageOf,
  chromeVersion,
  identityOfUserAgent,
  mobileIdentity,
  type VisitorIdentity,
} from './visitor-identity.ts';

type VisitorParams = Pick<ScanParams, 'device' | 'viewport' | 'locale' | 'timeZone' | 'userAgent'>;
type Viewport = VisitorObservation['viewport'];

/** Who visits the site: everything that its pages and servers can tell of the visitor's browser. */
export interface Visitor {
  /** As it is stamped on the observation. */
  readonly shown: VisitorObservation;
  /** What every target says of itself; null where the browser speaks for itself. */
  readonly identity: VisitorIdentity | null;
  readonly hasTouch: boolean;
  /** Null for the machine's own. */
  readonly locale: string | null;
  readonly timeZone: string | null;
}

/** The browser that plays the visitor. */
interface VisitingBrowser {
  /** How it introduces itself unless a scan wants something else; null where it speaks for itself. */
  readonly identity: VisitorIdentity | null;
  readonly browser: { readonly version: string; readonly userAgent: string };
  /** Zone of its machine; null when it did not say. */
  readonly timeZone: string | null;
}

/** Languages of a browser that nobody told any. */
const OWN_LOCALE = 'en-US';

const DEVICES: Record<ScanParams['device'], { readonly viewport: Viewport; readonly hasTouch: boolean }> = {
  // The size of the window that the browser is started with.
  desktop: {
    viewport: { width: 1_366, height: 900, deviceScaleFactor: 1, isMobile: false },
    hasTouch: false,
  },
  phone: { viewport: { width: 412, height: 915, deviceScaleFactor: 2.625, isMobile: true }, hasTouch: true },
  tablet: { viewport: { width: 800, height: 1_280, deviceScaleFactor: 2, isMobile: true }, hasTouch: true },
};

/** Decides how the visitor of one scan looks. */
export function planVisitor(params: VisitorParams, visiting: VisitingBrowser): Visitor {
  const { device, viewport, locale, timeZone } = params;
  const identity = identityFor(params, visiting);
  return {
    shown: {
      device,
      viewport: viewportOf(DEVICES[device].viewport, viewport),
      locale: locale ?? OWN_LOCALE,
      timeZone: timeZone ?? visiting.timeZone,
      userAgent: identity?.userAgent ?? visiting.browser.userAgent,
    },
    identity,
    hasTouch: DEVICES[device].hasTouch,
    locale,
    timeZone,
  };
}

function viewportOf(own: Viewport, wanted: VisitorParams['viewport']): Viewport {
  if (wanted === null) return own;
  const { width, height, deviceScaleFactor = own.deviceScaleFactor, isMobile = own.isMobile } = wanted;
  return { width, height, deviceScaleFactor, isMobile };
}

function identityFor(
  { device, userAgent, locale }: VisitorParams,
  { identity, browser }: VisitingBrowser,
): VisitorIdentity | null {
  const languages = locale === null ? {} : { acceptLanguage: acceptLanguageOf(locale) };
  if (userAgent !== null) return { ...identityOfUserAgent(userAgent), ...languages };
  if (device === 'desktop') {
    if (identity) return { ...identity, ...languages };
    // The protocol has no way to change the languages alone.
    return locale === null ? null : { ...ownIdentity(browser.userAgent), ...languages };
  }
  const mobile = mobileIdentity(device, chromeVersion(browser.version) ?? '140.0.0.0');
  // A browser that declares itself keeps doing so on every device.
  const declared = identity ? mobile : ownIdentity(mobile.userAgent.replace('Chrome/', 'HeadlessChrome/'));
  return { ...declared, ...languages };
}

function ownIdentity(userAgent: string): VisitorIdentity {
  return { userAgent, acceptLanguage: acceptLanguageOf(OWN_LOCALE) };
}

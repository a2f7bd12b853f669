import { isHeadlessShell } from './find-browser.ts';

/** How the browser shows itself to sites: like a visitor's, or named as automated. */
export type BrowserIdentity = 'visitor' | 'declared';

interface BrowserArgumentOptions {
  readonly executablePath: string;
  readonly profileDir: string;
  readonly ignoreCertificateErrors: boolean;
  readonly identity: BrowserIdentity;
  /** Complete user agent; null leaves the browser's own. */
  readonly userAgent: string | null;
  readonly sandbox: boolean;
}

/**
 * Features that would talk to other hosts than the site, change what a page can do, or keep a left page alive.
 * Attribution of cookies needs pages to be really left, hence no back-forward cache, and to be left within their
 * frame, whose last requests are otherwise told to nobody, hence no RenderDocument.
 */
const DISABLED_FEATURES = [
  'AcceptCHFrame',
  'AutofillServerCommunication',
  'BackForwardCache',
  'CertificateTransparencyComponentUpdater',
  'DialMediaRouteProvider',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'InterestFeedContentSuggestions',
  'IsolateSandboxedIframes',
  'LensOverlay',
  'MediaRouter',
  'OptimizationHints',
  'ProcessPerSiteUpToMainFrameThreshold',
  'RenderDocument',
  'SegmentationPlatform',
  'Translate',
  'TrackingProtection3pcd',
];

/**
 * Flags without which requests leave beside the egress gateway. Each context names its own gateway port; these
 * close what a proxy setting alone leaves open: loopback, WebRTC over UDP, QUIC, and name resolution.
 */
const CONTAINMENT_FLAGS = [
  '--proxy-server=socks5://127.0.0.1:9',
  '--proxy-bypass-list=<-loopback>',
  '--webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--disable-quic',
  '--dns-prefetch-disable',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

/**
 * Gives the browser a mouse, as style sheets and scripts ask for it: a headless one says that nothing points or hovers.
 *
 * @see Blink's HoverType (2: hover) and PointerType (4: fine)
 */
const MOUSE =
  '--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4';

/** The command line of one browser process. */
export function browserArguments(options: BrowserArgumentOptions): string[] {
  const { executablePath, profileDir, identity, userAgent } = options;
  return [
    isHeadlessShell(executablePath) ? '--headless' : '--headless=new',
    '--remote-debugging-pipe',
    `--user-data-dir=${profileDir}`,
    ...CONTAINMENT_FLAGS,
    // Without this, keys and clicks that come before a page is first drawn are dropped.
    '--allow-pre-commit-input',
    '--disable-background-networking',
    '--disable-background-timer-throttling',
    '--disable-backgrounding-occluded-windows',
    '--disable-breakpad',
    '--disable-client-side-phishing-detection',
    '--disable-component-update',
    '--disable-crash-reporter',
    '--disable-default-apps',
    '--disable-dev-shm-usage',
    '--disable-domain-reliability',
    '--disable-extensions',
    '--disable-hang-monitor',
    '--disable-popup-blocking',
    '--disable-prompt-on-repost',
    '--disable-renderer-backgrounding',
    '--disable-search-engine-choice-screen',
    '--disable-sync',
    '--force-color-profile=srgb',
    '--hide-scrollbars',
    '--metrics-recording-only',
    '--mute-audio',
    '--no-default-browser-check',
    '--no-first-run',
    '--password-store=basic',
    '--use-mock-keychain',
    '--window-size=1366,900',
    `--disable-features=${DISABLED_FEATURES.join(',')}`,
    ...(identity === 'visitor'
      ? ['--disable-blink-features=AutomationControlled', MOUSE]
      : ['--enable-automation']),
    ...(userAgent === null ? [] : [`--user-agent=${userAgent}`]),
    ...(options.ignoreCertificateErrors ? ['--ignore-certificate-errors'] : []),
    ...(options.sandbox ? [] : ['--no-sandbox']),
    'about:blank',
  ];
}

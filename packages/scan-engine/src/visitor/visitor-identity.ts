import type { VisitorDevice } from '@cookie-scanner/contracts';
import type { Protocol } from '../browser/cdp.ts';

type Metadata = Protocol.Emulation.UserAgentMetadata;

/** How the browser introduces itself, on its command line and to every target. */
export interface VisitorIdentity {
  readonly userAgent: string;
  readonly acceptLanguage: string;
  /** What `navigator.platform` says; absent for the browser's own. */
  readonly platform?: string;
  /** Client hints; absent where the user agent is of a browser that has none. */
  readonly userAgentMetadata?: Metadata;
}

const DEFAULT_LANGUAGES = 'en-US,en';

/**
 * The identity of an ordinary visitor's Chrome of the same version: no mark of headlessness, and only the major
 * version in the user agent. Sites and SDKs look at the user agent and at its client hints, and some of them set
 * fewer cookies for anything else.
 *
 * @param ownUserAgent - what the browser says of itself
 */
export function visitorIdentity(ownUserAgent: string): VisitorIdentity & { userAgentMetadata: Metadata } {
  const fullVersion = chromeVersion(ownUserAgent) ?? '140.0.0.0';
  return {
    userAgent: ownUserAgent
      .replace('HeadlessChrome', 'Chrome')
      .replace(/Chrome\/[\d.]+/, `Chrome/${majorOf(fullVersion)}.0.0.0`),
    acceptLanguage: DEFAULT_LANGUAGES,
    userAgentMetadata: chromeMetadata(fullVersion, {
      platform: platformName(),
      architecture: process.arch === 'arm64' ? 'arm' : 'x86',
    }),
  };
}

/** A telephone's or a tablet's Chrome of the given version, such as `156.0.8078.79`. */
export function mobileIdentity(
  device: Exclude<VisitorDevice, 'desktop'>,
  fullVersion: string,
): VisitorIdentity {
  const isPhone = device === 'phone';
  return {
    // Chrome names every Android device and version like this since it reduced its user agent.
    userAgent:
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) ' +
      `Chrome/${majorOf(fullVersion)}.0.0.0 ${isPhone ? 'Mobile ' : ''}Safari/537.36`,
    acceptLanguage: DEFAULT_LANGUAGES,
    platform: 'Linux armv81',
    userAgentMetadata: chromeMetadata(fullVersion, {
      platform: 'Android',
      platformVersion: '15.0.0',
      model: isPhone ? 'Pixel 9' : 'Pixel Tablet',
      mobile: isPhone,
      bitness: '',
    }),
  };
}

/** Systems as user agents, client hints and `navigator.platform` name them; the first that fits counts. */
const SYSTEMS: readonly { readonly sign: RegExp; readonly hint: string; readonly platform: string }[] = [
  { sign: /Android/, hint: 'Android', platform: 'Linux armv81' },
  { sign: /iPhone/, hint: 'iOS', platform: 'iPhone' },
  { sign: /iPad/, hint: 'iOS', platform: 'iPad' },
  { sign: /Windows/, hint: 'Windows', platform: 'Win32' },
  { sign: /Macintosh/, hint: 'macOS', platform: 'MacIntel' },
  { sign: /CrOS/, hint: 'Chrome OS', platform: 'Linux x86_64' },
  { sign: /Linux|X11/, hint: 'Linux', platform: 'Linux x86_64' },
];

/**
 * The identity that a user agent stands for. An ordinary Chrome gets the client hints of its version and system;
 * every other browser gets none, because hints that disagree with the user agent give a visitor away.
 */
export function identityOfUserAgent(userAgent: string): VisitorIdentity {
  const system = SYSTEMS.find(({ sign }) => sign.test(userAgent));
  const version = chromeVersion(userAgent);
  const isOrdinaryChrome =
    version !== null &&
    system !== undefined &&
    !/Edg|OPR|Headless|SamsungBrowser|bot|spider/i.test(userAgent);
  const isMobile = /Mobile/.test(userAgent);
  return {
    userAgent,
    acceptLanguage: DEFAULT_LANGUAGES,
    ...(system ? { platform: system.platform } : {}),
    ...(isOrdinaryChrome
      ? {
          userAgentMetadata: chromeMetadata(version, {
            platform: system.hint,
            mobile: isMobile,
            ...(system.hint === 'Android' ? { bitness: '' } : { architecture: 'x86' }),
          }),
        }
      : {}),
  };
}

/** The language itself and what it is a variety of, as browsers ask for it: `de-DE,de`. */
export function acceptLanguageOf(locale: string): string {
  const [language] = locale.split('-');
  return language === undefined || language === locale ? locale : `${locale},${language}`;
}

/** Version of Chrome that a user agent or product names, such as `156.0.8078.79`; null when it names none. */
export function chromeVersion(text: string): string | null {
  return /Chrome\/(\d[\d.]*)/.exec(text)?.[1] ?? null;
}

function chromeMetadata(fullVersion: string, system: Partial<Metadata>): Metadata {
  const brands = (version: string, other: string): Protocol.Emulation.UserAgentBrandVersion[] => [
    { brand: 'Chromium', version },
    { brand: 'Google Chrome', version },
    { brand: 'Not_A Brand', version: other },
  ];
  return {
    brands: brands(majorOf(fullVersion), '99'),
    fullVersionList: brands(fullVersion, '99.0.0.0'),
    platform: '',
    platformVersion: '',
    architecture: '',
    bitness: '64',
    model: '',
    mobile: false,
    ...system,
  };
}

function majorOf(fullVersion: string): string {
  return fullVersion.split('.')[0] ?? fullVersion;
}

function platformName(): string {
  switch (process.platform) {
    case 'darwin':
      return 'macOS';
    case 'win32':
      return 'Windows';
    default:
      return 'Linux';
  }
}

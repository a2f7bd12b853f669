import type { Protocol } from './cdp.ts';

/** How the browser introduces itself, on its command line and to every target. */
export interface VisitorIdentity {
  readonly userAgent: string;
  readonly acceptLanguage: string;
  readonly userAgentMetadata: Protocol.Emulation.UserAgentMetadata;
}

/**
 * The identity of an ordinary visitor's Chrome of the same version: no mark of headlessness, and only the major
 * version in the user agent. Sites and SDKs look at the user agent and at its client hints, and some of them set
 * fewer cookies for anything else.
 *
 * @param ownUserAgent - what the browser says of itself
 */
export function visitorIdentity(ownUserAgent: string): VisitorIdentity {
  const fullVersion = /Chrome\/([\d.]+)/.exec(ownUserAgent)?.[1] ?? '140.0.0.0';
  const major = fullVersion.split('.')[0] ?? '140';
  const brands = (version: string, other: string): Protocol.Emulation.UserAgentBrandVersion[] => [
    { brand: 'Chromium', version },
    { brand: 'Google Chrome', version },
    { brand: 'Not_A Brand', version: other },
  ];
  return {
    userAgent: ownUserAgent
      .replace('HeadlessChrome', 'Chrome')
      .replace(/Chrome\/[\d.]+/, `Chrome/${major}.0.0.0`),
    acceptLanguage: 'en-US,en',
    userAgentMetadata: {
      brands: brands(major, '99'),
      fullVersionList: brands(fullVersion, '99.0.0.0'),
      platform: platformName(),
      platformVersion: '',
      architecture: process.arch === 'arm64' ? 'arm' : 'x86',
      bitness: '64',
      model: '',
      mobile: false,
    },
  };
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

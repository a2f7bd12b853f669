import { describe, expect, it } from '@jest/globals';
import {
  acceptLanguageOf,
  identityOfUserAgent,
  mobileIdentity,
  visitorIdentity,
} from './visitor-identity.ts';

const OWN =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.8078.79 Safari/537.36';

describe('the identity of a visitor', () => {
  it('has the user agent of an ordinary Chrome of the same version', () => {
    expect(visitorIdentity(OWN).userAgent).toBe(
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
    );
  });

  it('names the same version in its client hints', () => {
    const { userAgentMetadata } = visitorIdentity(OWN);
    expect(userAgentMetadata.brands).toContainEqual({ brand: 'Google Chrome', version: '156' });
    expect(userAgentMetadata.fullVersionList).toContainEqual({ brand: 'Chromium', version: '156.0.8078.79' });
    expect(userAgentMetadata.mobile).toBe(false);
  });

  it.each([OWN, 'Something/1.0', ''])('shows no mark of headlessness for a browser that says %j', (own) => {
    expect(JSON.stringify(visitorIdentity(own))).not.toMatch(/headless/i);
  });
});

describe('the identity of a hand-held device', () => {
  it('names the browser’s own version, and a telephone as mobile', () => {
    const phone = mobileIdentity('phone', '156.0.8078.79');
    expect(phone.userAgent).toMatch(/Android.*Chrome\/156\.0\.0\.0 Mobile Safari/);
    expect(phone.userAgentMetadata).toMatchObject({ platform: 'Android', mobile: true });
    expect(mobileIdentity('tablet', '156.0.8078.79').userAgentMetadata?.mobile).toBe(false);
  });
});

describe('the identity that a user agent stands for', () => {
  it.each([
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/150.0.0.0 Safari/537.36',
      'Windows',
      false,
    ],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/150.0.0.0 Safari/537.36', 'macOS', false],
    ['Mozilla/5.0 (Linux; Android 10; K) Chrome/150.0.0.0 Mobile Safari/537.36', 'Android', true],
  ])('of %s has hints that agree', (userAgent, platform, mobile) => {
    expect(identityOfUserAgent(userAgent).userAgentMetadata).toMatchObject({
      platform,
      mobile,
      brands: expect.arrayContaining([{ brand: 'Google Chrome', version: '150' }]),
    });
  });

  it.each([
    'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15',
    'Mozilla/5.0 (Windows NT 10.0) Chrome/150.0.0.0 Safari/537.36 Edg/150.0.0.0',
    'my-own-scanner/1.0',
  ])('of %s has none', (userAgent) => {
    expect(identityOfUserAgent(userAgent)).not.toHaveProperty('userAgentMetadata');
  });
});

describe('the languages of a locale', () => {
  it.each([
    ['de-DE', 'de-DE,de'],
    ['de', 'de'],
    ['zh-Hant-TW', 'zh-Hant-TW,zh'],
  ])('%s are asked for as %s', (locale, languages) => {
    expect(acceptLanguageOf(locale)).toBe(languages);
  });
});

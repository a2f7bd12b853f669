import { describe, expect, it } from '@jest/globals';
import { visitorIdentity } from './visitor-identity.ts';

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

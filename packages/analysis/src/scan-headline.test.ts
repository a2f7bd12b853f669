import { describe, expect, it } from '@jest/globals';
import { scanHeadline, type HeadlineFacts } from './scan-headline.ts';

const found: HeadlineFacts = {
  requestedUrl: 'https://shop.example',
  finalUrl: 'https://www.shop.example/',
  status: 'success',
  statusReason: null,
  cookies: { firstParty: 8, thirdParty: 4 },
  hasGaps: false,
};
const none = { firstParty: 0, thirdParty: 0 };

describe('scanHeadline', () => {
  it.each<[string, Partial<HeadlineFacts>, string]>([
    ['a full look', {}, '12 cookies were found on www.shop.example: 8 first-party and 4 third-party.'],
    [
      'one cookie',
      { cookies: { firstParty: 1, thirdParty: 0 } },
      '1 cookie was found on www.shop.example: first-party.',
    ],
    [
      'a look with gaps',
      { hasGaps: true },
      'At least 12 cookies were found on www.shop.example: 8 first-party and 4 third-party; the scan could not see everything.',
    ],
    ['nothing found', { cookies: none }, 'No cookies were found on www.shop.example.'],
    [
      'nothing found with gaps',
      { cookies: none, hasGaps: true },
      'No cookies were found on www.shop.example, but the scan could not see everything.',
    ],
    [
      'nothing found with gaps not known here',
      { cookies: none, hasGaps: null },
      'No cookies were found on www.shop.example; the report says what the scan could not see.',
    ],
    [
      'a deadline',
      { status: 'partial', statusReason: 'timeout', cookies: none },
      'www.shop.example could be scanned only in part because it took too long; no cookies were seen until then, which does not mean that there are none.',
    ],
    [
      'a host that does not exist',
      { status: 'failed', statusReason: 'dns_not_found', finalUrl: null, cookies: none },
      'shop.example could not be scanned because its name does not exist, so its cookies are not known.',
    ],
    [
      'a bot wall',
      { status: 'blocked', statusReason: 'bot_wall', cookies: none },
      'shop.example did not let the scan in because it shows a check against automated visitors, so what its visitors get is not known.',
    ],
    [
      'a scan that runs',
      { status: 'running', cookies: null },
      'The scan of shop.example has not finished yet.',
    ],
    [
      'a cancelled scan',
      { status: 'cancelled', cookies: null },
      'The scan of shop.example was cancelled, so its cookies are not known.',
    ],
    [
      'a lost result',
      { cookies: null },
      'www.shop.example was scanned, but what was found is not available.',
    ],
  ])('is honest about %s', (_what, changes, sentence) => {
    expect(scanHeadline({ ...found, ...changes })).toBe(sentence);
  });

  it('never says "no cookies were found" of a site that was not looked at', () => {
    for (const status of ['failed', 'blocked', 'partial', 'cancelled', 'running', 'queued'] as const) {
      for (const cookies of [none, null]) {
        expect(scanHeadline({ ...found, status, cookies })).not.toMatch(/^No cookies/);
      }
    }
  });
});

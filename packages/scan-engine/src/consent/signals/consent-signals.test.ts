import { describe, expect, it } from '@jest/globals';
import { consentModeOfRequest } from './consent-mode.ts';
import { decodeGpp } from './gpp-string.ts';
import { decodeTcf } from './tcf-string.ts';

describe('consent mode in requests', () => {
  it.each([
    ['gcs=G100', { ad_storage: 'denied', analytics_storage: 'denied' }],
    ['gcs=G110', { ad_storage: 'granted', analytics_storage: 'denied' }],
    ['gcs=G1--', {}],
    [
      'gcd=11t1t1t1t5',
      {
        ad_storage: 'granted',
        analytics_storage: 'granted',
        ad_user_data: 'granted',
        ad_personalization: 'granted',
      },
    ],
    ['gcd=13l3r3m3l1', { analytics_storage: 'granted', ad_user_data: 'denied' }],
    ['gcs=G111&gcd=13p3v3l3l1', { ad_storage: 'denied', analytics_storage: 'granted' }],
  ])('%s', (query, values) => {
    const expected = Object.keys(values).length === 0 ? null : values;
    expect(consentModeOfRequest(`https://tags.test/collect?v=2&${query}&x=1`)).toEqual(expected);
  });

  it('is read behind semicolons too, and is not there where nothing says it', () => {
    expect(consentModeOfRequest('https://ads.test/activity;src=1;gcs=G101;x=2')).toEqual({
      ad_storage: 'denied',
      analytics_storage: 'granted',
    });
    expect(consentModeOfRequest('https://tags.test/collect?gcse=G111')).toBeNull();
  });
});

describe('consent strings that are none', () => {
  it.each([
    '',
    'garbage',
    '%%%',
    'C'.repeat(30_000),
    'BOEFEAyOEFEAyAHABDENAI4AAAB9vABAASA',
    'CPXx',
    '[object Object]',
  ])('are malformed and cause no fault: %s', (text) => {
    expect(decodeTcf(text)).toMatchObject({ malformed: true, cmpId: null, purposeConsents: [] });
    if (text !== '') expect(decodeGpp(text)).toEqual({ malformed: true, sections: {} });
  });
});

describe('a GPP string', () => {
  it('gives its sections in what JSON can hold', () => {
    const { malformed, sections } = decodeGpp('DBABMA~CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA');
    expect(malformed).toBe(false);
    expect(sections).toMatchObject({ tcfeuv2: { CmpId: 31, Version: 2 } });
    expect(JSON.parse(JSON.stringify(sections))).toEqual(sections);
  });
});

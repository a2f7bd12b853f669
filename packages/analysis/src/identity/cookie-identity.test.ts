import { describe, expect, it } from '@jest/globals';
import { sampleCookie } from '@cookie-scanner/contracts/testing';
import { cookieIdentity, isIdentifier } from './cookie-identity.ts';
import { stableName } from './stable-name.ts';

describe('stable names', () => {
  it.each([
    ['_ga_AB12CD34EF', '_ga_*'],
    ['_ga_XY98ZW76VU', '_ga_*'],
    ['_gat_UA-12345-1', '_gat_*'],
    ['_gat_gtag_UA_12345_1', '_gat_*'],
    ['_gac_UA-12345-1', '_gac_*'],
    ['_hjSession_123', '_hjSession_*'],
    ['_hjSessionUser_3141592', '_hjSessionUser_*'],
    ['amp_ab12cd', 'amp_*'],
    ['AMP_0a1b2c3d4e', 'AMP_*'],
    ['AMP_MKTG_0a1b2c3d4e', 'AMP_MKTG_*'],
    ['mp_dummytoken_mixpanel', 'mp_*_mixpanel'],
    ['ph_phc_dummy_posthog', 'ph_*_posthog'],
    ['_sp_id.1fff', '_sp_id.*'],
    ['_sp_ses.dc78', '_sp_ses.*'],
    ['_pk_id.1.1fff', '_pk_id.*'],
    ['_vis_opt_exp_12_combi', '_vis_opt_exp_*'],
    ['intercom-id-abc123de', 'intercom-id-*'],
    ['intercom-device-id-abc123de', 'intercom-device-id-*'],
    ['AMCV_1234567890ABCDEF%40AdobeOrg', 'AMCV_*'],
    ['kndctr_1234_AdobeOrg_identity', 'kndctr_*_identity'],
    ['wordpress_logged_in_0123456789abcdef0123456789abcdef', 'wordpress_logged_in_*'],
    ['wp-settings-1', 'wp-settings-*'],
    ['wp-settings-time-1', 'wp-settings-time-*'],
    ['visid_incap_2712345', 'visid_incap_*'],
    ['incap_ses_7224_2712345', 'incap_ses_*'],
    ['BIGipServer~Common~pool_web_443', 'BIGipServer*'],
    ['ASPSESSIONIDQSTDBBCA', 'ASPSESSIONID*'],
    ['TS01a2b3c4', 'TS*'],
    ['SSESS0123456789abcdef0123456789abcdef', 'SSESS*'],
    ['visitor_id123456-hash', 'visitor_id*-hash'],
    ['session-3f2504e0-4f89-41d3-9a0c-0305e82c3301', 'session-*'],
    ['3f2504e0-4f89-41d3-9a0c-0305e82c3301_seen', '*_seen'],
    ['cart_20267731', 'cart_*'],
    ['exp.0a1b2c3d.variant', 'exp.*.variant'],
    ['tracker_aB3dE6gH9kL', 'tracker_*'],
  ])('%s is %s', (name, stable) => {
    expect(stableName(name)).toBe(stable);
  });

  it.each([
    '_ga',
    '_gid',
    '_fbp',
    'uuid2',
    '1P_JAR',
    '_dd_s_v2',
    'euconsent-v2',
    'ajs_anonymous_id',
    'cookielawinfo-checkbox-analytics',
    'PHPSESSID',
    '__Secure-1PSIDTS',
    'VISITOR_INFO1_LIVE',
    'OptanonConsent',
    'added_decade_facade',
    '_px3',
    'consent_2024',
    'amp_consent',
    'ab_test_12',
    '',
  ])('leaves %j as it is', (name) => {
    expect(stableName(name)).toBe(name);
  });

  it('says the same of a stable name again', () => {
    const once = stableName('_hjSession_123456');
    expect(stableName(once)).toBe(once);
  });
});

describe('the identity of a cookie', () => {
  it('is the same for a cookie of the host and of its domain, whatever the name carries', () => {
    const today = cookieIdentity(sampleCookie({ name: '_hjSession_1', domain: 'Shop.example' }));
    const later = cookieIdentity(sampleCookie({ name: '_hjSession_2', domain: '.shop.example' }));
    expect(later.key).toBe(today.key);
  });

  it.each([
    { path: '/shop' },
    { partitionKey: 'https://shop.example' },
    { domain: 'www.shop.example' },
    { name: 'other' },
  ])('is another one for %j', (change) => {
    const cookie = sampleCookie({ domain: '.shop.example' });
    expect(cookieIdentity({ ...cookie, ...change }).key).not.toBe(cookieIdentity(cookie).key);
  });
});

describe('identifiers', () => {
  const uuid = { kind: 'uuid', length: 36, entropyBits: 122 } as const;
  const word = { kind: 'word', length: 4, entropyBits: 8 } as const;

  it.each([
    ['a UUID', { valueShape: uuid }, true],
    ['a UUID that every profile gets', { valueShape: uuid, sameInAllProfiles: true }, false],
    ['a setting', { valueShape: word, sameInAllProfiles: false }, false],
    ['a value that nobody looked at', {}, null],
  ])('%s: %j', (_case, change, answer) => {
    expect(isIdentifier(sampleCookie(change))).toBe(answer);
  });
});

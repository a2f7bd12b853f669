import { describe, expect, it } from '@jest/globals';
import type { CookieQuestion } from '@cookie-scanner/contracts';
import { knowledgeEntries, loadKnowledge } from './load-knowledge.ts';

const SHOP = 'www.shop.example';

/** Vendor, category and confidence of the answer, or null. */
function known(name: string, question: Partial<CookieQuestion> = {}): string | null {
  const match = loadKnowledge().findCookie({ name, domain: SHOP, setterHosts: [SHOP], ...question });
  return match && `${match.entry.company} ${match.entry.category} ${match.confidence}`;
}

describe('the knowledge that ships', () => {
  it('names every entry once', () => {
    const ids = knowledgeEntries().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('leaves out what was withdrawn', () => {
    expect(knowledgeEntries().filter(({ vendor }) => vendor === 'Trustpilot')).not.toContainEqual(
      expect.objectContaining({ name: 'ajs_user_id' }),
    );
  });

  it.each([
    ['_ga', 'www.googletagmanager.com', 'Google analytics high'],
    ['_ga_ABC123DEF4', 'www.googletagmanager.com', 'Google analytics high'],
    ['_fbp', 'connect.facebook.net', 'Facebook marketing high'],
    ['hubspotutk', 'js.hs-scripts.com', 'HubSpot marketing high'],
    ['ajs_anonymous_id', 'cdn.segment.com', 'Twilio analytics high'],
    ['_dd_s_v2', SHOP, 'Datadog analytics high'],
    ['ph_phc_dummy_posthog', SHOP, 'PostHog analytics high'],
    ['mp_dummytoken_mixpanel', SHOP, 'Mixpanel analytics high'],
    ['klaro', SHOP, 'KIProtect necessary high'],
    ['cc_cookie', SHOP, 'CookieConsent (orestbida) necessary high'],
    ['PHPSESSID', SHOP, 'first party necessary high'],
  ])('knows %s set by %s', (name, setter, answer) => {
    expect(known(name, { setterHosts: [setter] })).toBe(answer);
  });

  it.each([
    ['OptanonConsent', 'cdn.cookielaw.org', 'OneTrust necessary high'],
    ['CookieConsent', 'consent.cookiebot.com', 'Usercentrics necessary high'],
    ['CookieConsent', SHOP, 'first party necessary medium'],
    ['cmplz_marketing', SHOP, 'Complianz necessary high'],
    ['_pk_id.1.1fff', SHOP, 'Matomo analytics high'],
    ['session_id', SHOP, 'first party necessary medium'],
  ])('knows whose %s is by its setter %s', (name, setter, answer) => {
    expect(known(name, { setterHosts: [setter] })).toBe(answer);
  });

  it.each(['session_id', 'theme', 'csrf_token', 'cart'])(
    'does not take the %s of a third party for what the site needs',
    (name) => {
      expect(known(name, { domain: '.tracker.example', party: 'third' })).toBeNull();
    },
  );

  it('is less sure of a session of a third party', () => {
    expect(known('PHPSESSID', { domain: 'widget.example', party: 'third' })).toBe(
      'first party necessary low',
    );
  });

  it('learns nothing of a short name from a tag manager that ran the code', () => {
    expect(known('td', { setterHosts: ['unknown.example', 'www.googletagmanager.com'] })).toBeNull();
    expect(known('td', { setterHosts: ['www.googletagmanager.com'] })).toBeNull();
  });

  it.each([
    ['IDE', '.doubleclick.net', 'Google marketing high'],
    ['fr', '.facebook.com', 'Facebook marketing high'],
    ['MUID', '.bing.com', 'Microsoft marketing high'],
    ['uid', '.criteo.com', 'Criteo marketing high'],
  ])('knows %s of %s by its domain', (name, domain, answer) => {
    expect(known(name, { domain, setterHosts: [domain.slice(1)] })).toBe(answer);
  });

  it.each([
    'td',
    'uid',
    'fr',
    'IDE',
    'sr',
    'ctx',
    'tplan',
    'capacity',
    'mp_cart',
    'ph_level',
    'tw_feed',
    'mf_shop',
    '_something',
    'ua_parser',
    'x_gac_',
    'visitor',
  ])('takes %s of a shop for nobody else’s', (name) => {
    expect(known(name)).toBeNull();
  });

  it('takes a prefix for a beginning, never for a part', () => {
    expect(known('_gac_123')).toContain('Google');
    expect(known('my_gac_123')).toBeNull();
  });

  it('answers equal questions alike', () => {
    expect(known('_ga')).toBe(known('_ga'));
    expect(known('_ga')).not.toBeNull();
  });
});

describe('vendors of hosts', () => {
  it.each([
    ['stats.g.doubleclick.net', 'Google'],
    ['WWW.GOOGLE-ANALYTICS.COM', 'Google'],
    ['bat.bing.com', 'Microsoft'],
    ['static.hotjar.com', 'Hotjar'],
  ])('tells whose %s is', (host, company) => {
    expect(loadKnowledge().vendorOf(host)?.company).toContain(company);
  });

  it.each(['www.shop.example', 'notdoubleclick.net', 'com', ''])('knows nobody behind %j', (host) => {
    expect(loadKnowledge().vendorOf(host)).toBeNull();
  });
});

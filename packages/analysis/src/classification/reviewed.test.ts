import { describe, expect, it } from '@jest/globals';
import { loadKnowledge, loadPurposeModel } from '@cookie-scanner/knowledge';
import { savedObservation } from '../testing/saved-observations.ts';
import { classifyCookies, classifyStorage } from './classify-cookies.ts';

const knowledge = loadKnowledge();
const options = { model: loadPurposeModel() };

/**
 * What people who looked at each cookie by itself say of it: category, confidence, source and vendor. A line changes only
 * when somebody has looked again.
 */
const REVIEWED = `
PHPSESSID | www.lumen-books.example | necessary | high | exact_entry | PHP | first party
woocommerce_cart_hash | www.lumen-books.example | necessary | high | exact_entry | WooCommerce | Automattic
lang | www.lumen-books.example | functional | medium | exact_entry | Preference of the site itself | first party
td | www.lumen-books.example | unclassified | - | none | - | -
uid | .lumen-books.example | unclassified | - | none | - | -
OptanonConsent | .lumen-books.example | necessary | high | exact_entry | OneTrust | OneTrust
CookieConsent | www.lumen-books.example | necessary | high | exact_entry | Cookiebot | Usercentrics
wordpress_logged_in_0123456789abcdef0123456789abcdef | www.lumen-books.example | necessary | high | pattern_entry | WordPress | first party
AWSALB | www.lumen-books.example | necessary | high | exact_entry | AWS load balancer | Amazon
__cf_bm | .lumen-books.example | necessary | high | exact_entry | Cloudflare | Cloudflare
_ga | .lumen-books.example | analytics | high | exact_entry | Google Analytics | Google
_ga_AB12CD34EF | .lumen-books.example | analytics | high | pattern_entry | Google Analytics | Google
_hjSessionUser_3141592 | .lumen-books.example | analytics | high | pattern_entry | Hotjar | Hotjar
_clck | .lumen-books.example | analytics | high | exact_entry | Microsoft Clarity | Microsoft
ajs_anonymous_id | .lumen-books.example | analytics | high | exact_entry | Segment | Twilio
_pk_id.1.1fff | www.lumen-books.example | analytics | high | pattern_entry | Matomo | Matomo
amp_ab12cd | .lumen-books.example | analytics | high | pattern_entry | Amplitude | Amplitude
mp_0123456789abcdef_mixpanel | .lumen-books.example | analytics | high | pattern_entry | Mixpanel | Mixpanel
ph_phc_token_posthog | .lumen-books.example | analytics | high | pattern_entry | PostHog | PostHog
_dd_s_v2 | .lumen-books.example | analytics | high | exact_entry | Datadog RUM | Datadog
_fbp | .lumen-books.example | marketing | high | exact_entry | Meta Pixel | Facebook
_gcl_au | .lumen-books.example | marketing | high | exact_entry | Google Ads | Google
_uetsid | .lumen-books.example | marketing | high | exact_entry | Microsoft Advertising | Microsoft
hubspotutk | .lumen-books.example | marketing | high | exact_entry | HubSpot | HubSpot
IDE | .doubleclick.net | marketing | high | exact_entry | Google DoubleClick | Google
MUID | .bing.com | marketing | high | exact_entry | Microsoft | Microsoft
uid | .criteo.com | marketing | high | exact_entry | Criteo | Criteo
li_gc | .linkedin.com | necessary | high | exact_entry | LinkedIn | LinkedIn
bcookie | .linkedin.com | marketing | high | exact_entry | LinkedIn | LinkedIn
sid | .tracker.example | marketing | low | model | - | -
PHPSESSID | widget.partner.example | necessary | low | exact_entry | PHP | first party
campaign_source | .lumen-books.example | unclassified | - | none | - | -
loggedInUserSession | www.lumen-books.example | unclassified | - | none | - | -
zzq | www.lumen-books.example | unclassified | - | none | - | -
px_sync | .adreach.example | marketing | medium | model | - | -
x_gac_ | www.lumen-books.example | unclassified | - | none | - | -
_gac_UA-12345-1 | .lumen-books.example | marketing | high | pattern_entry | Google Ads | Google
odd | www.lumen-books.example | unclassified | - | none | - | -
ajs_anonymous_id | local | analytics | high | exact_entry | Segment | Twilio
_uetsid_exp | local | marketing | high | exact_entry | Microsoft Advertising | Microsoft
amplitude_unsent_0a1b2c | local | analytics | high | pattern_entry | Amplitude | Amplitude
theme | local | functional | medium | exact_entry | Preference of the site itself | first party
_dd_tab_id | session | analytics | high | exact_entry | Datadog RUM | Datadog
mixpanelBrowserDb | indexeddb | analytics | high | exact_entry | Mixpanel | Mixpanel
session_id | www.lumen-garden.example | necessary | medium | exact_entry | Session of the site itself | first party
basket | .lumen-garden.example | necessary | medium | exact_entry | Cart of the site itself | first party
theme | www.lumen-garden.example | functional | medium | exact_entry | Preference of the site itself | first party
_vc_id | .lumen-garden.example | unclassified | - | none | - | -
_vc_ses | .lumen-garden.example | unclassified | - | none | - | -
ab_bucket | www.lumen-garden.example | functional | medium | exact_entry | Experiment of the site itself | first party
__Host-csrf | www.lumen-garden.example | necessary | medium | exact_entry | Protection against forged requests | first party
legacy_ref | .lumen-garden.example | unclassified | - | none | - | -
uid | .adreach.example | marketing | medium | model | - | -
reach_test | .adreach.example | unclassified | - | none | - | -
bm_match | .bidmesh.example | marketing | medium | model | - | -
chat_visitor | widget.talkdesk-helper.example | unclassified | - | none | - | -
_vc_queue | local | unclassified | - | none | - | -
recently-viewed | local | functional | low | model | - | -
tab | session | unclassified | - | none | - | -
chat-history | indexeddb | unclassified | - | none | - | -
pwa-shell-v7 | cache | unclassified | - | none | - | -
`;

function lineFor(
  name: string,
  place: string,
  {
    category,
    confidence,
    source,
    vendor,
    company,
  }: ReturnType<typeof classifyCookies>[number]['classification'],
): string {
  return [name, place, category, confidence ?? '-', source, vendor ?? '-', company ?? '-'].join(' | ');
}

describe('the classification of saved observations', () => {
  it('is what people found', () => {
    const lines = (['bookshop', 'shop'] as const).flatMap((saved) => {
      const observation = savedObservation(saved);
      return [
        ...classifyCookies(observation, knowledge, options).map(({ cookie, classification }) =>
          lineFor(cookie.name, cookie.domain, classification),
        ),
        ...classifyStorage(observation, knowledge, options).map(({ item, classification }) =>
          lineFor(item.key, item.kind, classification),
        ),
      ];
    });
    expect(lines).toEqual(REVIEWED.trim().split('\n'));
  });
});

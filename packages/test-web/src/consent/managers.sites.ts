import { script } from '../answers.ts';
import { vendorScript, vendorStyle, type VendorName } from '../vendors/vendor-files.ts';
import { consentSite, type ConsentSite, type ConsentTruth } from './consent-site.ts';

const HOST = 'cmp.test';
const LOAD_ADS = `function loadAds() { const tag = document.createElement('script'); tag.src = 'https://ads-loader.test/ads.js'; document.head.append(tag); }`;

interface Manager {
  readonly vendor: VendorName;
  readonly style: string;
  readonly start: string;
  /** Link by which a visitor comes back, where the manager brings none. */
  readonly footer: string;
  readonly cookieName: string;
  readonly truth: Partial<ConsentTruth> & Pick<ConsentTruth, 'manager'>;
}

function managedSite({ vendor, style, start, footer, cookieName, truth }: Manager): ConsentSite {
  const name = `managed-${vendor}`;
  const content = `<link rel="stylesheet" href="https://${HOST}/managed-${vendor}.css"><footer>${footer}</footer><script src="https://${HOST}/managed-${vendor}.js"></script>`;
  return consentSite(
    name,
    `The consent manager ${vendor} with a way to come back to the choice`,
    {
      content,
      script: `${LOAD_ADS}${start}`,
      routes: {
        [`${HOST}/managed-${vendor}.js`]: vendorScript(vendor),
        [`${HOST}/managed-${vendor}.css`]: vendorStyle(style),
        [`ads-loader.test/ads.js`]: script(
          "document.cookie = '_ads=' + Math.random() + '; Path=/; Max-Age=86400';",
        ),
      },
    },
    {
      ...{
        found: true,
        place: 'document',
        kind: 'choice',
        accept: 'taken',
        reject: 'taken',
        bannerAfterReload: false,
      },
      withdrawal: { offered: true, done: true },
      cookies: { [cookieName]: ['accept', 'reject', 'gpc_reject'], _ads: ['accept'] },
      ...truth,
    },
  );
}

const managed: readonly ConsentSite[] = [
  managedSite({
    vendor: 'vanilla-cookieconsent',
    style: 'vanilla-cookieconsent/dist/cookieconsent.css',
    footer: '<button type="button" data-cc="show-preferencesModal">Cookie preferences</button>',
    cookieName: 'cc_cookie',
    start: `vendor.run({
      categories: { necessary: { enabled: true, readOnly: true }, ads: { autoClear: { cookies: [{ name: '_ads' }] } } },
      onConsent: ({ cookie }) => { if (cookie.categories.includes('ads')) loadAds(); },
      language: { default: 'en', translations: { en: {
        consentModal: { title: 'We use cookies', description: 'May we show you ads?', acceptAllBtn: 'Accept all', acceptNecessaryBtn: 'Reject all', showPreferencesBtn: 'Settings' },
        preferencesModal: { title: 'Cookie settings', acceptAllBtn: 'Accept all', acceptNecessaryBtn: 'Reject all', savePreferencesBtn: 'Save', sections: [{ title: 'Ads', linkedCategory: 'ads' }] },
      } } },
    });`,
    truth: { manager: 'vanilla-cookieconsent' },
  }),
  managedSite({
    vendor: 'klaro',
    style: 'klaro/dist/klaro.css',
    footer: '<a href="#" onclick="klaro.show(undefined, true); return false">Privacy settings</a>',
    cookieName: 'klaro',
    start: `globalThis.klaro = vendor; vendor.setup(globalThis.klaroConfig = {
      version: 1, acceptAll: true, mustConsent: false, lang: 'en', translations: { en: { privacyPolicyUrl: '/privacy' } },
      services: [{ name: 'ads', title: 'Ads', purposes: ['ads'], cookies: ['_ads'], callback: (consent) => { if (consent) loadAds(); } }],
    });`,
    truth: { manager: 'Klaro' },
  }),
  managedSite({
    vendor: 'osano-cookieconsent',
    style: 'cookieconsent/build/cookieconsent.min.css',
    footer: '',
    cookieName: 'cookieconsent_status',
    start: `cookieconsent.initialise({
      type: 'opt-in', revokable: true, palette: { popup: { background: '#222' }, button: { background: '#eee' } },
      onInitialise(status) { if (status === 'allow') loadAds(); },
      onStatusChange(status) { if (status === 'allow') loadAds(); },
    });`,
    truth: { manager: 'Cookie Consent (Insites)' },
  }),
];

/** Real consent managers, each with a way back to the choice. */
export const consentManaged: readonly ConsentSite[] = managed.map((site, index) => ({
  ...site,
  // They share what they load after agreement; one of them serves it.
  routes:
    index === 0
      ? site.routes
      : Object.fromEntries(
          Object.entries(site.routes).filter(([route]) => !route.startsWith('ads-loader.test')),
        ),
}));

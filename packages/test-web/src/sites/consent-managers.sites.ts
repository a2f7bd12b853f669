import { html, script } from '../answers.ts';
import type { Site } from '../site.ts';
import type { AfterChoiceTruth, CookieTruth } from '../truth.ts';
import { byScript, cookie, DAY_SECONDS, truth } from '../truth-builders.ts';
import { vendorScript, vendorStyle, type VendorName } from '../vendors/vendor-files.ts';

const MANAGER_HOST = 'cmp.test';

/** Defines `loadAnalytics`, which the pages call once the visitor has agreed. */
function loadAnalytics(url: string): string {
  return `
    function loadAnalytics() {
      const tag = document.createElement('script');
      tag.src = '${url}';
      document.head.append(tag);
    }
  `;
}

/** What one consent manager does, apart from what all of these sites share. */
interface ConsentSetup {
  readonly vendor: VendorName;
  readonly summary: string;
  /** Style sheet in the vendor's package. */
  readonly style: string;
  /** Inline script that shows the banner. */
  readonly start: string;
  readonly acceptSelector: string;
  readonly rejectSelector: string;
  /** The cookie in which the choice is kept. */
  readonly choiceCookie: (host: string, manager: string, choice: 'accept' | 'reject') => CookieTruth;
}

function consentSite(setup: ConsentSetup): Site {
  const { vendor } = setup;
  const host = `consent-${vendor}.test`;
  const url = `https://${host}/`;
  const manager = `https://${MANAGER_HOST}/${vendor}.js`;
  const analyticsUrl = `https://metrics.test/consent-${vendor}/analytics.js`;
  const ratherNeeds = ['consent'] as const;
  const analytics = cookie({
    name: '_analytics',
    value: '1',
    domain: host,
    setBy: byScript(analyticsUrl),
    ratherNeeds,
  });
  const after = (selector: string, cookies: readonly CookieTruth[]): AfterChoiceTruth => ({
    selector,
    cookies: cookies.map((each) => ({ ...each, ratherNeeds })),
    storage: [],
  });
  const banner = `<script src="${manager}"></script><script>${loadAnalytics(analyticsUrl)}${setup.start}</script>`;
  return {
    name: `consent-${vendor}`,
    url,
    summary: setup.summary,
    routes: {
      [`${host}/`]: html(`<h1>Shop</h1>${banner}`, {
        title: 'Shop',
        head: `<link rel="stylesheet" href="https://${MANAGER_HOST}/${vendor}.css">`,
      }),
      [`${MANAGER_HOST}/${vendor}.js`]: vendorScript(vendor),
      [`${MANAGER_HOST}/${vendor}.css`]: vendorStyle(setup.style),
      [`metrics.test/consent-${vendor}/analytics.js`]: script("document.cookie = '_analytics=1; Path=/';"),
    },
    truth: truth(url, {
      afterAccept: after(setup.acceptSelector, [setup.choiceCookie(host, manager, 'accept'), analytics]),
      afterReject: after(setup.rejectSelector, [setup.choiceCookie(host, manager, 'reject')]),
    }),
  };
}

/** Real consent managers. Nobody sets a cookie before the visitor has chosen. */
export const consentManagers: readonly Site[] = [
  consentSite({
    vendor: 'vanilla-cookieconsent',
    summary: 'vanilla-cookieconsent, which shows nothing to a browser that looks automated',
    style: 'vanilla-cookieconsent/dist/cookieconsent.css',
    start: `vendor.run({
      categories: { necessary: { enabled: true, readOnly: true }, analytics: {} },
      onConsent: ({ cookie }) => { if (cookie.categories.includes('analytics')) loadAnalytics(); },
      language: { default: 'en', translations: { en: {
        consentModal: {
          title: 'We use cookies', description: 'May we count your visit?',
          acceptAllBtn: 'Accept all', acceptNecessaryBtn: 'Reject all', showPreferencesBtn: 'Settings',
        },
        preferencesModal: {
          title: 'Settings', acceptAllBtn: 'Accept all', acceptNecessaryBtn: 'Reject all',
          savePreferencesBtn: 'Save', sections: [{ title: 'Analytics', linkedCategory: 'analytics' }],
        },
      } } },
    });`,
    acceptSelector: '#cc-main button[data-role="all"]',
    rejectSelector: '#cc-main button[data-role="necessary"]',
    choiceCookie: (host, manager, choice) =>
      cookie({
        name: 'cc_cookie',
        value: choice === 'accept' ? /%22analytics%22%5D%2C%22revision/ : /%22necessary%22%5D%2C%22revision/,
        domain: `.${host}`,
        setBy: byScript(manager),
        secure: true,
        sameSite: 'Lax',
        lifetimeSeconds: 182 * DAY_SECONDS,
      }),
  }),
  consentSite({
    vendor: 'klaro',
    summary: 'Klaro with one service',
    style: 'klaro/dist/klaro.css',
    start: `vendor.setup({
      version: 1, acceptAll: true, mustConsent: false, lang: 'en',
      translations: { en: { privacyPolicyUrl: '/privacy' } },
      services: [{
        name: 'analytics', title: 'Analytics', purposes: ['analytics'], cookies: ['_analytics'],
        callback: (consent) => { if (consent) loadAnalytics(); },
      }],
    });`,
    acceptSelector: '.klaro .cm-btn-success',
    rejectSelector: '.klaro .cn-decline',
    choiceCookie: (host, manager, choice) =>
      cookie({
        name: 'klaro',
        value: `%7B%22analytics%22%3A${String(choice === 'accept')}%7D`,
        domain: host,
        setBy: byScript(manager),
        sameSite: 'Lax',
        lifetimeSeconds: 120 * DAY_SECONDS,
      }),
  }),
  consentSite({
    vendor: 'osano-cookieconsent',
    summary: 'Cookie Consent of Osano in opt-in mode',
    style: 'cookieconsent/build/cookieconsent.min.css',
    start: `cookieconsent.initialise({
      type: 'opt-in', palette: { popup: { background: '#222' }, button: { background: '#eee' } },
      onStatusChange(status) { if (status === 'allow') loadAnalytics(); },
    });`,
    acceptSelector: '.cc-window .cc-allow',
    rejectSelector: '.cc-window .cc-deny',
    choiceCookie: (host, manager, choice) =>
      cookie({
        name: 'cookieconsent_status',
        value: choice === 'accept' ? 'allow' : 'deny',
        domain: host,
        setBy: byScript(manager),
        lifetimeSeconds: 365 * DAY_SECONDS,
      }),
  }),
];

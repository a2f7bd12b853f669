import { body, html, json, pixel, script } from '../answers.ts';
import type { Answer } from '../site.ts';
import { bannerHtml, CHOICE_SCRIPT, consentSite, KEEPS_ITS_WORD, type ConsentSite } from './consent-site.ts';

const BANNER = bannerHtml('Accept all cookies', 'Reject all');
const GOOD = { found: true, accept: 'taken', reject: 'taken', cookies: KEEPS_ITS_WORD } as const;

/** TCF strings of consent manager 31: nothing granted, and purposes 1 to 3 granted to some vendors. */
const TCF_NOTHING = 'CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA';
const TCF_SOMETHING =
  'COvFyGBOvFyGBAbAAAENAPCAAOAAAAAAAAAAAEEUACCKAAA.IFoEUQQgAIQwgIwQABAEAAAAOIAACAIAAAAQAIAgEAACEAAAAAgAQBAAAAAAAGBAAgAAAAAAAFAAECAAAgAAQARAEQAAAAAJAAIAAgAAAYQEAAAQmAgBC3ZAYzUw';
/** A GPP string with the section `usnat`. */
const GPP_STRING = 'DBABLA~BVQqAAAAAgA.QA';

function tcfScript(nothing: string, something: string): string {
  return `${CHOICE_SCRIPT.replaceAll('choose(', 'chooseOnly(')}
    const tcString = () => (chosen() === 'accept' ? '${something}' : '${nothing}');
    globalThis.__tcfapi = (command, version, callback) =>
      callback({ tcString: tcString(), gdprApplies: true, cmpId: 31, eventStatus: chosen() ? 'useractioncomplete' : 'cmpuishown' }, true);
    for (const id of ['accept', 'reject']) document.getElementById(id)?.addEventListener('click', () => {
      document.cookie = 'euconsent-v2=' + tcString() + '; Path=/; Max-Age=86400';
      new Image().src = 'https://ads.test/pixel?gdpr=1&gdpr_consent=' + tcString();
    });`;
}

const WITH_STRING = { ...KEEPS_ITS_WORD, 'euconsent-v2': ['accept', 'reject', 'gpc_reject'] } as const;

const CONSENT_MODE = `
  globalThis.dataLayer = globalThis.dataLayer || [];
  function gtag() { dataLayer.push(arguments); }
  gtag('consent', 'default', { ad_storage: 'denied', analytics_storage: 'denied', wait_for_update: 500, region: ['DE'] });
  gtag('js', new Date());
  new Image().src = 'https://consent-tags.test/g/collect?v=2&gcs=G100&gcd=13p3p3p3p5l1';
  ${CHOICE_SCRIPT}
  document.getElementById('accept')?.addEventListener('click', () => {
    gtag('consent', 'update', { ad_storage: 'granted', analytics_storage: 'granted' });
    new Image().src = 'https://consent-tags.test/g/collect?v=2&gcs=G111&gcd=13r3r3r3r5l1';
  });`;

/** Sets an ad cookie unless the visitor says that he does not want to be sold. */
const adsUnlessGpc: Answer = async (exchange) => {
  const says = exchange.request.headers['sec-gpc'] === '1';
  await pixel(says ? [] : ['_sold=1; Path=/; Max-Age=86400; SameSite=None; Secure'])(exchange);
};

const GPC_PAGE = `
  <img src="https://gpc-ads.test/pixel.gif"><iframe src="https://gpc-frames.test/frame"></iframe>
  <script>
    document.cookie = 'page_says=' + (navigator.globalPrivacyControl === true) + '; Path=/';
    new Worker('/worker.js');
    new SharedWorker('/shared.js');
    navigator.serviceWorker.register('/service.js');
    fetch('https://gpc-ads.test/beacon', { mode: 'no-cors', method: 'POST', keepalive: true });
  </script>`;
const gpcWorker = (name: string): Answer =>
  script(
    `fetch('https://gpc-ads.test/${name}?says=' + (navigator.globalPrivacyControl === true), { mode: 'no-cors' });`,
  );
const EVERY = ['untouched', 'accept', 'reject', 'gpc', 'gpc_reject'] as const;

/** Sites that say by strings, modes and headers what was chosen. */
export const consentSignals: readonly ConsentSite[] = [
  consentSite(
    'consent-tcf',
    'A banner with TCF strings in its API, its cookie and a request',
    { content: BANNER, script: tcfScript(TCF_NOTHING, TCF_SOMETHING), routes: { 'ads.test/pixel': pixel() } },
    { ...GOOD, cookies: WITH_STRING },
  ),
  consentSite(
    'consent-tcf-malformed',
    'TCF strings that nobody can read',
    { content: BANNER, script: tcfScript('garbage', '%%%') },
    { ...GOOD, cookies: WITH_STRING },
  ),
  consentSite(
    'consent-gpp-1-0',
    'A GPP string by return, as in version 1.0',
    {
      content: BANNER,
      script: `${CHOICE_SCRIPT} globalThis.__gpp = (command) => (command === 'getGPPData' ? { gppString: '${GPP_STRING}', applicableSections: [7] } : undefined);`,
    },
    GOOD,
  ),
  consentSite(
    'consent-gpp-1-1',
    'A GPP string by callback, as in version 1.1',
    {
      content: BANNER,
      script: `${CHOICE_SCRIPT} globalThis.__gpp = (command, callback) => callback({ gppVersion: '1.1', gppString: chosen() ? '${GPP_STRING}' : 'DBAA' }, true);`,
    },
    GOOD,
  ),
  consentSite(
    'consent-mode',
    'Google Consent Mode: denied by default, granted after agreement',
    { content: BANNER, script: CONSENT_MODE, routes: { 'consent-tags.test/g/collect': pixel() } },
    GOOD,
  ),
  consentSite(
    'consent-gpc-honoured',
    'Global Privacy Control is honoured and declared, in frames and workers too',
    {
      content: GPC_PAGE,
      script: '',
      routes: {
        'gpc-ads.test/pixel.gif': adsUnlessGpc,
        'gpc-ads.test/*': body('text/plain', ''),
        'gpc-frames.test/frame': html(
          "<script>fetch('https://gpc-ads.test/frame?says=' + (navigator.globalPrivacyControl === true), { mode: 'no-cors' });</script>",
        ),
        'consent-gpc-honoured.test/worker.js': gpcWorker('worker'),
        'consent-gpc-honoured.test/shared.js': gpcWorker('shared'),
        'consent-gpc-honoured.test/service.js': gpcWorker('service'),
        'consent-gpc-honoured.test/.well-known/gpc.json': json({ gpc: true, lastUpdate: '2026-01-01' }),
      },
    },
    {
      found: false,
      accept: 'no_banner',
      reject: 'no_banner',
      cookies: { page_says: EVERY, _sold: ['untouched', 'accept', 'reject'] },
    },
  ),
  consentSite(
    'consent-declared',
    'What the site declares: a table on the page it links to, and the file of its consent manager',
    {
      content: `${BANNER}<a href="/cookie-policy">Cookie policy</a><script src="https://cdn.cookielaw.org/loader.js"></script>`,
      routes: {
        'cdn.cookielaw.org/loader.js': script(
          "fetch('https://cdn.cookielaw.org/consent/0a1b-2c/0d1e-2f/en.json');",
        ),
        'cdn.cookielaw.org/consent/0a1b-2c/0d1e-2f/en.json': json({
          DomainData: {
            Groups: [
              {
                GroupName: 'Targeting Cookies',
                FirstPartyCookies: [
                  { Name: '_ads', Host: 'consent-declared.test', Length: '90', IsSession: false },
                ],
                Hosts: [
                  {
                    HostName: 'ads.test',
                    DisplayName: 'Ads Inc.',
                    Cookies: [{ Name: 'uid', Host: 'ads.test', Length: '0', IsSession: true }],
                  },
                ],
              },
            ],
          },
        }),
        'consent-declared.test/cookie-policy': html(
          `<h2>Marketing</h2><table><tr><th>Cookie name</th><th>Provider</th><th>Purpose</th><th>Expiry</th></tr>
        <tr><td>_ads</td><td>Ads Inc.</td><td>Advertising</td><td>1 day</td></tr><tr><td>choice</td><td>Us</td><td>Necessary</td><td>6 months</td></tr></table>
        <script>document.cookie = 'policy_was_run=1; Path=/';</script>`,
          { setCookie: ['policy_was_visited=1; Path=/'] },
        ),
      },
    },
    { ...GOOD, manager: 'OneTrust' },
  ),
];

import { html } from '../answers.ts';
import { bannerHtml, CHOICE_SCRIPT, consentSite, KEEPS_ITS_WORD, type ConsentSite } from './consent-site.ts';

const BANNER = bannerHtml('Accept all cookies', 'Reject all');
const ALL = ['untouched', 'accept', 'reject', 'gpc', 'gpc_reject'] as const;
const GOOD = { found: true, accept: 'taken', reject: 'taken', cookies: KEEPS_ITS_WORD } as const;

/** Shows the banner when `when` says so. */
function later(when: string): string {
  return `${CHOICE_SCRIPT}
    const show = () => {
      if (chosen() || document.getElementById('banner')) return;
      document.body.insertAdjacentHTML('beforeend', ${JSON.stringify(BANNER)});
      wire(document);
    };
    ${when}`;
}

const TWO_LAYERS = `${CHOICE_SCRIPT}
  if (!chosen()) document.getElementById('settings').addEventListener('click', () => {
    document.getElementById('banner').innerHTML = \`<h2>Cookie settings</h2><p>Choose which cookies we may use.</p>
      <label><input type="checkbox" checked disabled> Strictly necessary</label>
      <label><input type="checkbox" id="marketing" checked> Marketing</label><button id="save">Save settings</button>\`;
    document.getElementById('save').addEventListener('click', () =>
      choose(document.getElementById('marketing').checked ? 'accept' : 'reject'));
  });`;

/** Banners that behave in every way that is known to mislead a scanner. */
export const consentBehaviours: readonly ConsentSite[] = [
  consentSite(
    'consent-two-layers',
    'Refusing takes a second layer, where marketing is ticked already',
    {
      content: `<div id="banner" style="position:fixed;bottom:0;background:#eee"><p>We use cookies for marketing.</p><button id="accept">Accept</button> <a href="#" id="settings">Settings</a></div>`,
      script: TWO_LAYERS,
    },
    { ...GOOD, rejectPurposes: ['settings', 'save'], preTicked: ['Marketing'], bannerAfterReload: false },
  ),
  consentSite(
    'consent-late',
    'A banner that shows after six seconds',
    { content: '<p>News</p>', script: later('setTimeout(show, 6_000);') },
    GOOD,
  ),
  consentSite(
    'consent-scroll',
    'A banner that shows only when the visitor scrolls',
    {
      content: '<div style="height:5000px">News</div>',
      script: later("addEventListener('scroll', show, { once: true });"),
    },
    GOOD,
  ),
  consentSite(
    'consent-ok-only',
    'A notice that can only be acknowledged',
    { content: bannerHtml('OK', null).replace('id="accept"', 'id="accept"') },
    { ...GOOD, kind: 'notice', reject: 'not_offered', cookies: { choice: ['accept'], _ads: ['accept'] } },
  ),
  consentSite(
    'consent-no-reject',
    'A banner that offers nothing but agreement',
    { content: bannerHtml('Accept all', null) },
    { ...GOOD, kind: 'choice', reject: 'not_offered', cookies: { choice: ['accept'], _ads: ['accept'] } },
  ),
  consentSite(
    'consent-pay-or-ok',
    'Consent or payment, and nothing else',
    {
      content: bannerHtml(
        'Accept and continue',
        null,
        'Read us with advertising and cookies, or without for 3.99 € a month.',
      ).replace('</div>', '<a href="/subscribe">Subscribe now</a></div>'),
    },
    { ...GOOD, kind: 'pay_or_ok', reject: 'not_offered', cookies: { choice: ['accept'], _ads: ['accept'] } },
  ),
  consentSite(
    'consent-hidden',
    'A hidden banner that no visitor sees',
    { content: `<div style="visibility:hidden">${BANNER}</div>` },
    { found: false, accept: 'no_banner', reject: 'no_banner', cookies: {} },
  ),
  consentSite(
    'consent-dead-buttons',
    'A banner whose buttons do nothing',
    { content: BANNER, script: '' },
    { found: true, accept: 'untaken', reject: 'untaken', cookies: {} },
  ),
  consentSite(
    'consent-not-kept',
    'Marketing starts at once, stays after a refusal, and more of it follows',
    {
      content: BANNER,
      script: `document.cookie = '_early=1; Path=/; Max-Age=86400';
      const wired = (id) => document.getElementById(id).addEventListener('click', () => {
        document.cookie = 'choice=' + id + '; Path=/; Max-Age=86400';
        document.getElementById('banner').remove();
        document.cookie = '_late=1; Path=/; Max-Age=86400';
      });
      if (/choice=/.test(document.cookie)) document.getElementById('banner').remove();
      else { wired('accept'); wired('reject'); }`,
    },
    {
      ...GOOD,
      cookies: {
        _early: ALL,
        choice: ['accept', 'reject', 'gpc_reject'],
        _late: ['accept', 'reject', 'gpc_reject'],
      },
    },
  ),
  consentSite(
    'consent-asks-again',
    'A refusal is forgotten when the page is loaded again',
    {
      content: BANNER,
      script: CHOICE_SCRIPT.replace('if (chosen()) document', "if (chosen() === 'accept') document"),
    },
    { ...GOOD, bannerAfterReload: true },
  ),
  consentSite(
    'consent-reloads',
    'After a choice the page loads itself again without end',
    { content: BANNER, script: `${CHOICE_SCRIPT} if (chosen()) location.reload();` },
    GOOD,
  ),
  consentSite(
    'consent-withdrawal',
    'Consent can be taken back by a link in the footer',
    {
      content: `${BANNER}<footer><a href="#" id="back">Cookie settings</a></footer>`,
      script: `${CHOICE_SCRIPT}
      document.getElementById('back').addEventListener('click', () => {
        document.body.insertAdjacentHTML('beforeend', ${JSON.stringify(BANNER)});
        wire(document);
      });`,
    },
    { ...GOOD, withdrawal: { offered: true, done: true } },
  ),
  consentSite(
    'consent-widerruf',
    'Consent can be taken back by one press of a button, which is no refusal',
    {
      content: `${bannerHtml('Alle akzeptieren', 'Ablehnen', 'Wir verwenden Cookies.')}<button id="back">Einwilligung widerrufen</button>`,
      script: `${CHOICE_SCRIPT} document.getElementById('back').addEventListener('click', () => choose('withdrawn'));`,
    },
    { ...GOOD, withdrawal: { offered: true, done: true } },
  ),
  consentSite(
    'consent-absent',
    'No banner, and nothing but a session cookie',
    { content: '<p>News</p>', script: "document.cookie = 'session=1; Path=/';" },
    { found: false, accept: 'no_banner', reject: 'no_banner', cookies: { session: ALL } },
  ),
  consentSite(
    'consent-footer-link',
    'No banner; the footer speaks of cookies and has a form with an OK button',
    {
      content:
        '<form><button>OK</button></form><footer><p>Read about cookies.</p><a href="/cookies">Cookie policy</a></footer>',
      script: '',
      routes: { 'consent-footer-link.test/cookies': html('<p>Cookies</p>') },
    },
    { found: false, accept: 'no_banner', reject: 'no_banner', cookies: {} },
  ),
];

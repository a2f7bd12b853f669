import { html } from '../answers.ts';
import type { Site } from '../site.ts';

type State = 'untouched' | 'accept' | 'reject' | 'gpc' | 'gpc_reject';
type Outcome = 'taken' | 'untaken' | 'no_banner' | 'not_operable' | 'not_offered';

/** What an audit of a site's consent must report. What is left out is not compared. */
export interface ConsentTruth {
  /** Whether there is a banner that a visitor sees. */
  readonly found: boolean;
  readonly place?:
    'document' | 'same_origin_frame' | 'cross_origin_frame' | 'open_shadow_root' | 'closed_shadow_root';
  readonly kind?: 'choice' | 'notice' | 'pay_or_ok';
  readonly manager?: string;
  readonly accept: Outcome;
  readonly reject: Outcome;
  /** What is pressed for a refusal, by its purposes in order. */
  readonly rejectPurposes?: readonly string[];
  /** Whether the banner is back when the page is loaded again after a refusal. */
  readonly bannerAfterReload?: boolean;
  /** What is ticked although nobody chose it. */
  readonly preTicked?: readonly string[];
  readonly withdrawal?: { readonly offered: boolean; readonly done: boolean };
  /** Every cookie with the states in which it is there at the end, before anything is withdrawn. */
  readonly cookies: Readonly<Record<string, readonly State[]>>;
}

/** A site for the audit of consent; such sites are not part of the general catalog. */
export interface ConsentSite extends Omit<Site, 'truth'> {
  readonly consent: ConsentTruth;
}

/** Where a choice is kept, and what is set after agreement only, on sites that keep their word. */
export const KEEPS_ITS_WORD: ConsentTruth['cookies'] = {
  choice: ['accept', 'reject', 'gpc_reject'],
  _ads: ['accept'],
};

/** A banner as most sites have one, with the given words. */
export function bannerHtml(
  accept: string,
  reject: string | null,
  prose = 'We and our partners use cookies.',
): string {
  return `<div id="banner" role="dialog" style="position:fixed;bottom:0;left:0;right:0;padding:1rem;background:#eee">
    <p>${prose}</p><button id="accept">${accept}</button> ${reject === null ? '' : `<button id="reject">${reject}</button>`}
  </div>`;
}

/** Script that keeps a choice, remembers it on the next visit, and sets `_ads` after agreement only. */
export const CHOICE_SCRIPT = `
  const chosen = () => /choice=(\\w+)/.exec(document.cookie)?.[1];
  function agree() { document.cookie = '_ads=' + Math.random().toString(36) + '; Path=/; Max-Age=86400'; }
  function choose(choice) {
    document.cookie = 'choice=' + choice + '; Path=/; Max-Age=15552000; SameSite=Lax';
    document.getElementById('banner')?.remove();
    if (choice === 'accept') agree();
    else document.cookie = '_ads=; Path=/; Max-Age=0';
  }
  function wire(root) {
    root.querySelector('#accept')?.addEventListener('click', () => choose('accept'));
    root.querySelector('#reject')?.addEventListener('click', () => choose('reject'));
  }
  if (chosen() === 'accept') agree();
  if (chosen()) document.getElementById('banner')?.remove();
  wire(document);
`;

/** A site with this content and script; `routes` as in `Site`, for paths of its own and for other hosts. */
export function consentSite(
  name: string,
  summary: string,
  page: { readonly content: string; readonly script?: string; readonly routes?: Site['routes'] },
  consent: ConsentTruth,
): ConsentSite {
  const host = `${name}.test`;
  return {
    name,
    url: `https://${host}/`,
    summary,
    routes: {
      [`${host}/`]: html(`<h1>Shop</h1>${page.content}<script>${page.script ?? CHOICE_SCRIPT}</script>`),
      ...page.routes,
    },
    consent,
  };
}

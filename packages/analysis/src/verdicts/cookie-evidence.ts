import type { ConsentState, FindingEvidence } from '@cookie-scanner/contracts';
import { CATEGORY_WORDS } from '../category-text.ts';
import type { JudgedCookie } from './judged-cookie.ts';

/** What a finding about a cookie rests on. `facts` are what the rule adds to what is known of every cookie. */
export function cookieEvidence(
  judged: JudgedCookie,
  seen: {
    readonly state?: ConsentState;
    readonly facts?: readonly string[];
    readonly screenshots?: readonly string[];
  } = {},
): Partial<FindingEvidence> {
  const { cookie, chain } = judged;
  return {
    cookieName: cookie.name,
    cookieDomain: cookie.domain,
    url: cookie.setBy.url,
    setterChain: chain.links.map(({ label }) => label),
    atMs: cookie.events.find(({ action }) => action !== 'deleted')?.atMs ?? null,
    consentState: seen.state ?? null,
    screenshots: [...(seen.screenshots ?? [])],
    facts: [whatItIsFor(judged), ...(seen.facts ?? [])],
  };
}

const SOURCES = {
  override: 'decided in this workspace',
  exact_entry: 'known by its name',
  pattern_entry: 'known by a pattern of names',
  model: 'judged by what it looks like',
  plugin: 'according to a plugin',
  none: 'nobody knows it',
} as const;

/** What a cookie is for, who is behind it, and how that is known. */
function whatItIsFor({ classification }: JudgedCookie): string {
  const { category, vendor, company, source } = classification;
  const owner = vendor === null || company === 'first party' ? '' : ` of ${vendor}`;
  return `${CATEGORY_WORDS[category].name} cookie${owner} (${SOURCES[source]})`;
}

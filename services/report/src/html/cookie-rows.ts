import { CATEGORY_WORDS, type CookieSummary } from '@cookie-scanner/analysis';
import type { CookieClassification, Severity } from '@cookie-scanner/contracts';
import {
  chainLabels,
  confidenceText,
  eventText,
  offsetText,
  scopeText,
  setterText,
  sizeText,
  utcText,
} from './page-text.ts';
import { isLongText } from './template-helpers.ts';

const EVENTS_SHOWN_MAX = 20;

/** One cookie as the page shows it: text only, ready for the template. */
export interface CookieRow {
  readonly name: string;
  readonly domain: string;
  readonly isThirdParty: boolean;
  /** True where the third party was passed on the way to the page that was shown. */
  readonly isRedirectParty: boolean;
  /** Product behind it; null when nobody knows, and for cookies that are not judged. */
  readonly vendor: string | null;
  /** The gravest finding about it; null when there is none. */
  readonly finding: Severity | null;
  /** Site that set it, or what is known of a setter that belongs to no site; null when nobody was seen. */
  readonly setter: string | null;
  /** By which way it was set; null when nobody was seen. */
  readonly way: string | null;
  /** Said only when the writing itself was not seen. */
  readonly doubt: string | null;
  /** From the document to the setter; empty where the row already says it all. */
  readonly chain: readonly string[];
  readonly lifetime: string;
  readonly flags: readonly string[];
  readonly facts: readonly { readonly label: string; readonly text: string }[];
  readonly events: readonly { readonly at: string; readonly what: string; readonly url: string | null }[];
  /** Events beyond those shown; 0 when all are. */
  readonly eventsLeftOut: number;
}

/** What is known of a cookie beside what was seen. */
export interface CookieVerdict {
  readonly classification: CookieClassification | null;
  readonly finding: Severity | null;
}

/** Turns a cookie into its row. */
export function cookieRow(
  { cookie, lifetime, flags, chain }: CookieSummary,
  { classification, finding }: CookieVerdict = { classification: null, finding: null },
): CookieRow {
  const facts = [
    ...categoryFact(classification),
    ...(isLongText(cookie.name) ? [{ label: 'Full name', text: cookie.name }] : []),
    { label: 'Sent to', text: scopeText(cookie) },
    ...(cookie.partitionKey === null ? [] : [{ label: 'Kept apart for', text: cookie.partitionKey }]),
    ...(cookie.expiresAt === null ? [] : [{ label: 'Expires', text: utcText(cookie.expiresAt) }]),
    {
      label: 'Set by',
      text: chain.links.length === 0 ? chain.way : chain.links.map((link) => link.label).join(' → '),
    },
    ...setterAddress(cookie.setBy.url),
    { label: 'Size', text: sizeText(cookie.sizeBytes) },
    { label: 'Certainty', text: confidenceText(chain.confidence) },
    ...cookie.pages.map((page) => ({ label: 'Seen on', text: page })),
    ...(cookie.value === null ? [] : [{ label: 'Value', text: cookie.value }]),
  ];
  return {
    name: cookie.name,
    domain: cookie.domain,
    isThirdParty: cookie.party === 'third',
    isRedirectParty: cookie.isRedirectParty,
    vendor: classification?.company === 'first party' ? null : (classification?.vendor ?? null),
    finding,
    setter: setterText(chain),
    way: chain.kind === 'unknown' ? null : chain.way,
    doubt: chain.confidence === 'inferred' ? 'concluded, not watched' : null,
    chain: chainLabels(chain),
    lifetime: lifetime === null ? 'Browser session' : lifetime.text,
    flags: flags.map((flag) => flag.label),
    facts,
    events: cookie.events.slice(0, EVENTS_SHOWN_MAX).map((event) => ({
      at: offsetText(event.atMs),
      what: eventText(event),
      url: event.url,
    })),
    eventsLeftOut: Math.max(0, cookie.events.length - EVENTS_SHOWN_MAX),
  };
}

/** What it is for and how that is known. */
function categoryFact(classification: CookieClassification | null): { label: string; text: string }[] {
  if (classification === null) return [];
  const { category, source, confidence, vendor, company, provenance } = classification;
  const owner =
    company === 'first party'
      ? 'the site itself'
      : [vendor, company === vendor ? null : company].filter((name) => name !== null).join(', ');
  const sure = confidence === null ? '' : `, confidence ${confidence}`;
  return [
    { label: 'Purpose', text: `${CATEGORY_WORDS[category].name} (${SOURCES[source]}${sure})` },
    ...(provenance.override === null
      ? []
      : [
          {
            label: 'Decided because',
            text: `${provenance.override.reason} (without this decision: ${CATEGORY_WORDS[provenance.override.insteadOf].name})`,
          },
        ]),
    ...(owner === '' ? [] : [{ label: 'Behind it', text: owner }]),
  ];
}

const SOURCES: Readonly<Record<CookieClassification['source'], string>> = {
  override: 'decided in this workspace',
  exact_entry: 'known by its name',
  pattern_entry: 'known by a pattern of names',
  model: 'judged by what it looks like',
  plugin: 'according to a plugin',
  none: 'nobody knows it',
};

function setterAddress(url: string | null): { label: string; text: string }[] {
  return url === null ? [] : [{ label: 'Address of the setter', text: url }];
}

import type { CookieSummary } from '@cookie-scanner/analysis';
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
  readonly size: string;
  readonly facts: readonly { readonly label: string; readonly text: string }[];
  readonly events: readonly { readonly at: string; readonly what: string; readonly url: string | null }[];
  /** Events beyond those shown; 0 when all are. */
  readonly eventsLeftOut: number;
}

/** Turns a cookie into its row. */
export function cookieRow({ cookie, lifetime, flags, chain }: CookieSummary): CookieRow {
  const facts = [
    ...(isLongText(cookie.name) ? [{ label: 'Full name', text: cookie.name }] : []),
    { label: 'Sent to', text: scopeText(cookie) },
    ...(cookie.partitionKey === null ? [] : [{ label: 'Kept apart for', text: cookie.partitionKey }]),
    ...(cookie.expiresAt === null ? [] : [{ label: 'Expires', text: utcText(cookie.expiresAt) }]),
    {
      label: 'Set by',
      text: chain.links.length === 0 ? 'not seen' : chain.links.map((link) => link.label).join(' → '),
    },
    ...setterAddress(cookie.setBy.url),
    { label: 'Certainty', text: confidenceText(chain.confidence) },
    ...cookie.pages.map((page) => ({ label: 'Seen on', text: page })),
    ...(cookie.value === null ? [] : [{ label: 'Value', text: cookie.value }]),
  ];
  return {
    name: cookie.name,
    domain: cookie.domain,
    setter: setterText(chain),
    way: chain.kind === 'unknown' ? null : chain.way,
    doubt: chain.confidence === 'inferred' ? 'concluded, not watched' : null,
    chain: chainLabels(chain),
    lifetime: lifetime === null ? 'Browser session' : lifetime.text,
    flags: flags.map((flag) => flag.label),
    size: sizeText(cookie.sizeBytes),
    facts,
    events: cookie.events.slice(0, EVENTS_SHOWN_MAX).map((event) => ({
      at: offsetText(event.atMs),
      what: eventText(event),
      url: event.url,
    })),
    eventsLeftOut: Math.max(0, cookie.events.length - EVENTS_SHOWN_MAX),
  };
}

function setterAddress(url: string | null): { label: string; text: string }[] {
  return url === null ? [] : [{ label: 'Address of the setter', text: url }];
}

import {
  couldBeIdentifier,
  type Confidence,
  type ConsentState,
  type CookieClassification,
  type FindingEvidence,
  type Severity,
  type StorageObservation,
} from '@cookie-scanner/contracts';
import { CATEGORY_WORDS } from '../category-text.ts';
import type { SetterChain } from '../setter-chain.ts';
import { STORAGE_KIND_WORDS } from '../storage-kind-text.ts';
import { clipText } from '../visible-text.ts';
import { hostOf } from '../web-address.ts';
import type { JudgedSite } from './judged-site.ts';
import { severityOf } from './severity.ts';

const KEY_LENGTH_MAX = 60;

/** A storage item with everything that rules ask about it. */
export interface JudgedStorageItem {
  readonly item: StorageObservation;
  readonly classification: CookieClassification;
  /** The same for the same item in every scan of a site, also where its key rotates. */
  readonly identity: string;
  readonly chain: SetterChain;
}

/** Kinds of vendor that live from recognising people. */
const RECOGNISES_PEOPLE: ReadonlySet<string> = new Set(['ad', 'analytics', 'marketing', 'social']);

/** Why a storage item needs consent, and how grave and sure that is; null where that is not known. */
export function storageNeedsConsent(
  { vendorOf }: JudgedSite,
  { item, classification, chain }: JudgedStorageItem,
): { readonly what: string; readonly severity: Severity; readonly confidence: Confidence } | null {
  const { category, confidence } = classification;
  if (category === 'analytics' || category === 'marketing') {
    const severity = severityOf('high', confidence === 'low');
    return { what: `${CATEGORY_WORDS[category].name} item`, severity, confidence: confidence ?? 'low' };
  }
  const setterUrl = chain.links.at(-1)?.url ?? null;
  const setterHost = setterUrl === null ? null : hostOf(setterUrl);
  const vendor = setterHost === null ? null : vendorOf(setterHost);
  const isIdentifier = item.valueShape !== null && couldBeIdentifier(item.valueShape);
  if (category !== 'unclassified' || !isIdentifier || !RECOGNISES_PEOPLE.has(vendor?.kind ?? '')) return null;
  return { what: `Possible identifier of ${vendor?.name ?? ''}`, severity: 'low', confidence: 'low' };
}

/** Whether it was there without anybody having chosen anything; null where the observation does not say. */
export function storedUnasked({ isConsentAudit }: JudgedSite, { item }: JudgedStorageItem): boolean | null {
  if (!isConsentAudit) return true;
  return item.consentStates.length === 0 ? null : item.consentStates.includes('untouched');
}

/** An item as a sentence names it. */
export function storageName({ item }: JudgedStorageItem): string {
  const { shown, cutFrom } = clipText(item.key === '' ? '(no name)' : item.key, KEY_LENGTH_MAX);
  return `${shown}${cutFrom === null ? '' : '…'} in ${STORAGE_KIND_WORDS[item.kind].toLowerCase()}`;
}

/** What a finding about a storage item rests on. */
export function storageEvidence(
  { item, chain, classification: { vendor, company } }: JudgedStorageItem,
  consentState: ConsentState,
): Partial<FindingEvidence> {
  return {
    url: item.setBy.url,
    setterChain: chain.links.map(({ label }) => label),
    consentState,
    facts: [
      `Kept for ${item.origin}`,
      ...(vendor === null || company === 'first party' ? [] : [`It belongs to ${vendor}`]),
    ],
  };
}

/** What to hold back, until when. */
export function holdStorageBack({ chain }: JudgedStorageItem, until: string): string {
  const setter = chain.links.at(-1);
  return setter === undefined
    ? `Nobody was seen writing it: look for its name in your code and in your tag manager, and hold back what writes it ${until}.`
    : `It is written by ${setter.url === null ? 'an inline script' : `the script ${setter.label}`}: do not load that ${until}.`;
}

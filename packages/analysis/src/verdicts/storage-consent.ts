import { couldBeIdentifier, type Confidence, type Severity } from '@cookie-scanner/contracts';
import { CATEGORY_WORDS } from '../category-text.ts';
import { hostOf } from '../web-address.ts';
import type { JudgedSite } from './judged-site.ts';
import type { JudgedStorageItem } from './judged-storage-item.ts';
import { severityOf } from './severity.ts';

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

import type {
  ConsentState,
  CookieClassification,
  FindingEvidence,
  StorageObservation,
} from '@cookie-scanner/contracts';
import type { SetterChain } from '../setter-chain.ts';
import { STORAGE_KIND_WORDS } from '../storage-kind-text.ts';
import { clipText } from '../visible-text.ts';

const KEY_LENGTH_MAX = 60;

/** A storage item with everything that rules ask about it. */
export interface JudgedStorageItem {
  readonly item: StorageObservation;
  readonly classification: CookieClassification;
  /** The same for the same item in every scan of a site, also where its key rotates. */
  readonly identity: string;
  readonly chain: SetterChain;
}

/** An item as a sentence names it. */
export function storageName({ item }: JudgedStorageItem): string {
  const { shown, cutFrom } = clipText(item.key === '' ? '(no name)' : item.key, KEY_LENGTH_MAX);
  return `${shown}${cutFrom === null ? '' : '…'} in ${inSentence(STORAGE_KIND_WORDS[item.kind])}`;
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

/** Words as they stand within a sentence; `IndexedDB` keeps its letters. */
function inSentence(words: string): string {
  return words.startsWith('IndexedDB') ? words : words.charAt(0).toLowerCase() + words.slice(1);
}

import type { ConsentPurpose } from '@cookie-scanner/contracts';

/** Labels of one purpose, as in `CONSENT_WORDS`. */
interface PurposeWords {
  readonly purpose: ConsentPurpose;
  readonly has: readonly string[];
  readonly is: readonly string[];
}

// Both functions are also handed to pages as text, by `toString`, so they use nothing but each other.

/** A label without case, accents, emoji and punctuation, its words apart by single spaces. */
export function plainLabel(label: string): string {
  const letters: Record<string, string> = { ł: 'l', ø: 'o', æ: 'ae', ß: 'ss', đ: 'd', ı: 'i', œ: 'oe' };
  return label
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\p{M}\u00ad\u200b-\u200f\ufeff]/gu, '')
    .replace(/[łøæßđıœ]/g, (letter) => letters[letter] ?? letter)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/**
 * What pressing something with this label would mean; null when the words do not tell.
 *
 * @param words - phrases as `plainLabel` leaves them
 */
export function labelPurpose(label: string, words: readonly PurposeWords[]): ConsentPurpose | null {
  const plain = plainLabel(label);
  if (plain === '') return /^\s*[×✕✖✗]\s*$/.test(label) ? 'close' : null;
  // A whole sentence in a link is a sentence and not the name of a choice.
  if (plain.length > 90) return null;
  const padded = ` ${plain} `;
  for (const { purpose, has, is } of words) {
    if (is.includes(plain) || has.some((phrase) => padded.includes(` ${phrase}`))) return purpose;
  }
  return null;
}

import type { PurposeFacts } from '@cookie-scanner/analysis';
import type { KnownCategory } from '@cookie-scanner/contracts';

/** Something whose category is known, to learn from or to be examined with. */
export interface PurposeExample {
  readonly facts: PurposeFacts;
  readonly category: KnownCategory;
  /** Examples of one vendor, by product or company, are of one group: what is examined must not have been learned. */
  readonly group: string;
}

/** All categories that can be learned, in the order of a model's weights. */
export const LEARNED_CATEGORIES = ['necessary', 'functional', 'analytics', 'marketing'] as const;

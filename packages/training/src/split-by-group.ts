import type { PurposeExample } from './purpose-example.ts';
import { seededRandom, shuffled } from './seeded-random.ts';

/**
 * Divides examples into parts of about the same size with no group in two of them. A group that is larger than a part
 * makes its part larger.
 */
export function partsByGroup(
  examples: readonly PurposeExample[],
  parts: number,
  seed: number,
): PurposeExample[][] {
  const groups = [...Map.groupBy(examples, ({ group }) => group).values()];
  const result = Array.from({ length: parts }, (): PurposeExample[] => []);
  const random = seededRandom(seed);
  // Large groups first, or the last one would overflow; among equals chance decides.
  for (const group of shuffled(groups, random).toSorted((a, b) => b.length - a.length)) {
    const fewest = Math.min(...result.map(({ length }) => length));
    const candidates = result.filter(({ length }) => length === fewest);
    candidates[Math.floor(random() * candidates.length)]?.push(...group);
  }
  return shuffled(result, random);
}

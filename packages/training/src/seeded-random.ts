/**
 * Numbers from 0 up to 1 that are the same for the same seed on every machine.
 *
 * @see https://en.wikipedia.org/wiki/Xorshift of 32 bits
 */
export function seededRandom(seed: number): () => number {
  // A state of 0 would stay 0.
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x1_0000_0000;
  };
}

/** A copy in an order that the seed decides. */
export function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

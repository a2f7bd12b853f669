/** Chance that a seed repeats. */
export interface SeededRandom {
  /** From 0 to 1, 1 excluded. */
  next(): number;
  /** One of them. */
  pick<T>(items: readonly [T, ...T[]]): T;
  /** From `min` to `max`, `max` excluded. */
  between(min: number, max: number): number;
}

/** @see https://gist.github.com/tommyettinger/46a874533244883189143505d203312c mulberry32, in the public domain */
export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    pick: (items) => items[Math.floor(next() * items.length)] ?? items[0],
    between: (min, max) => min + Math.floor(next() * (max - min)),
  };
}

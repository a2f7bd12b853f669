/** What came and what went between two sides. */
export interface KeyedDiff<T> {
  readonly added: T[];
  readonly removed: T[];
}

/**
 * What is only on one side of several looks each: added is what was in none before and is in all after, removed the
 * other way round. What only some repeats saw is neither. In the order of the keys.
 */
export function diffKeyed<T>(
  before: readonly (readonly T[])[],
  after: readonly (readonly T[])[],
  keyOf: (item: T) => string,
): KeyedDiff<T> {
  const [old, now] = [counted(before, keyOf), counted(after, keyOf)];
  return { added: onlyIn(now, old, after.length), removed: onlyIn(old, now, before.length) };
}

function counted<T>(
  looks: readonly (readonly T[])[],
  keyOf: (item: T) => string,
): Map<string, { readonly item: T; readonly looks: number }> {
  const seen = new Map<string, { item: T; looks: number }>();
  for (const look of looks) {
    for (const [key, item] of new Map(look.map((one) => [keyOf(one), one]))) {
      seen.set(key, { item, looks: (seen.get(key)?.looks ?? 0) + 1 });
    }
  }
  return seen;
}

function onlyIn<T>(
  one: ReadonlyMap<string, { readonly item: T; readonly looks: number }>,
  other: ReadonlyMap<string, unknown>,
  looks: number,
): T[] {
  return [...one]
    .filter(([key, seen]) => !other.has(key) && seen.looks === looks)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { item }]) => item);
}

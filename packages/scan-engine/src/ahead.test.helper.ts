/**
 * Runs `work` for a list of items in its order, some ahead of the one that is asked for: tests that take one item
 * each stay separate and still use the machine.
 *
 * @param parallelMax - how many may run at once, that of the test included
 * @returns asks for the result of one item
 */
export function workAhead<T, R>(
  items: readonly T[],
  parallelMax: number,
  work: (item: T) => Promise<R>,
): (item: T) => Promise<R> {
  const results = new Map<T, Promise<R>>();
  return async (item) => {
    const first = items.indexOf(item);
    for (const next of items.slice(first, first + parallelMax)) {
      if (results.has(next)) continue;
      const result = work(next);
      result.catch(() => undefined); // Whoever asks for it gets the failure.
      results.set(next, result);
    }
    const result = results.get(item);
    if (!result) throw new Error('asked for an item that is not in the list');
    return await result;
  };
}

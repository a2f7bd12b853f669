/** Runs pieces of work that share a key one after the other; others are not held up. */
export type InTurn = <T>(key: string, work: () => Promise<T>) => Promise<T>;

/**
 * Keeps two deliveries of one event from running side by side in this process, where both would find the mail not
 * sent yet.
 */
export function createInTurn(): InTurn {
  const last = new Map<string, Promise<unknown>>();

  return async (key, work) => {
    // Whether the one before failed is not the business of the next.
    const before = last.get(key)?.catch(() => undefined) ?? Promise.resolve();
    const mine = before.then(work);
    last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (last.get(key) === mine) last.delete(key);
    }
  };
}

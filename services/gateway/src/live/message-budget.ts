/** Messages that a connection may send: so many a second, and a burst of twice that. */
const PER_SECOND = 30;
const BURST = 2 * PER_SECOND;

/** Says of each message whether it is still within the budget of its connection. */
export function messageBudget(now: () => number = () => performance.now()): () => boolean {
  let left = BURST;
  let countedAtMs = now();
  return () => {
    const atMs = now();
    left = Math.min(BURST, left + ((atMs - countedAtMs) / 1_000) * PER_SECOND);
    countedAtMs = atMs;
    left -= 1;
    return left >= 0;
  };
}

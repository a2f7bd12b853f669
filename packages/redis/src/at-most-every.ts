/**
 * Wraps an action so that it happens at most once in `intervalMs`; calls in between are dropped.
 *
 * @param now - milliseconds of any steady clock
 */
export function atMostEvery<TArgs extends unknown[]>(
  intervalMs: number,
  action: (...args: TArgs) => void,
  now: () => number = () => performance.now(),
): (...args: TArgs) => void {
  let lastAtMs = -Infinity;
  return (...args) => {
    const nowMs = now();
    if (nowMs - lastAtMs < intervalMs) return;
    lastAtMs = nowMs;
    action(...args);
  };
}

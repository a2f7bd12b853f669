import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 20;

/** Waits until a condition holds, and fails after a generous time. */
export async function until(condition: () => boolean, what: string, timeoutMs = 30_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await delay(POLL_MS);
  }
}

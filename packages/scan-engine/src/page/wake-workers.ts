import type { AttachedTarget } from '../browser/target-attacher.ts';
import { within } from '../deadline.ts';

/** Bound on waking all workers once; a worker that computes without end does not answer. */
const LIMIT_MS = 500;

/**
 * Has workers look at their clocks. Virtual time of a page moves the clock of its whole process, but workers sleep
 * until the moment that their next timer had when they went to sleep; any task wakes them, and what is due then runs.
 */
export async function wakeWorkers(workers: readonly AttachedTarget[]): Promise<void> {
  if (workers.length === 0) return;
  const awake = workers.map(async ({ session }) => {
    await session.send('Runtime.evaluate', { expression: '0' }).catch(() => undefined);
  });
  await within(Promise.all(awake), LIMIT_MS);
}

import type { ManagedProcess } from '../platform/managed-process.ts';
import type { ChaosPlatform } from '../platform/platform.ts';
import type { Fault } from './fault.ts';
import { heldScans, until, type HeldScan } from './observe.ts';
import { workerWithScan } from './worker-with-scan.ts';

const DROPPED = /^scan_(?:writes_fenced|leases_lost)_total(?:\{[^}]*\})? (\d+)/gm;

/** Others end its scans; when it wakes up it counts that it dropped what it was at, and writes nothing. */
export const stopWorker: Fault = {
  name: 'a worker stands still for longer than its lease',
  async strike(context) {
    const { platform, say } = context;
    await platform.untilReady();
    const worker = await workerWithScan(context);
    const droppedBefore = await droppedBy(worker);
    worker.signal('SIGSTOP');
    let lostCount = 0;
    try {
      const held = await heldScans(platform, worker);
      await until('others have the scans of a worker that stands still', async () => {
        const { taken, over } = await whatBecameOf(platform, held);
        lostCount = taken;
        // One may have been stored at the very last moment.
        return taken + over === held.length;
      });
    } finally {
      worker.signal('SIGCONT');
    }
    let dropped = 0;
    await until('a worker that woke up counted that it lost scans', async () => {
      dropped = (await droppedBy(worker)) - droppedBefore;
      // Not each of them: after an earlier fault it may have given one up itself whose lease was not over yet.
      return dropped >= Math.min(1, lostCount);
    });
    say(`${lostCount} scans went to others, ${dropped} were dropped by who woke up`);
  },
};

async function whatBecameOf(
  { database }: ChaosPlatform,
  held: readonly HeldScan[],
): Promise<{ taken: number; over: number }> {
  const [row] = await database.sql<{ taken: number; over: number }>(
    `SELECT count(*) FILTER (WHERE scan.attempt > held.attempt)::int AS taken,
            count(*) FILTER (WHERE scan.attempt = held.attempt AND finished_at IS NOT NULL)::int AS over
       FROM scan_results AS scan JOIN unnest($1::uuid[], $2::int[]) AS held (id, attempt) ON scan.id = held.id`,
    [held.map(({ id }) => id), held.map(({ attempt }) => attempt)],
  );
  return row ?? { taken: 0, over: 0 };
}

async function droppedBy(worker: ManagedProcess): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${worker.port()}/metrics`);
  return [...(await response.text()).matchAll(DROPPED)].reduce((sum, [, count]) => sum + Number(count), 0);
}

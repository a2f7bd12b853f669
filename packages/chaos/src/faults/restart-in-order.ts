import type { Fault } from './fault.ts';
import { heldScans } from './observe.ts';

/** Scans that end meanwhile are stored, and the others are handed back at no cost. */
export const restartInOrder: Fault = {
  name: 'everything is restarted in order',
  async strike({ platform, expect }) {
    await platform.untilReady();
    const workers = platform.named('worker');
    const ends = platform.processes.map((each) => each.ended());
    const held = (await Promise.all(workers.map((worker) => heldScans(platform, worker)))).flat();
    for (const each of platform.processes) each.signal('SIGTERM');
    await Promise.all(ends);
    for (const { id, attempt, released_count } of held) {
      const [charged] = await platform.database.sql<{ facts: string }>(
        `SELECT concat_ws(' ', status, 'attempt', attempt, 'released', released_count) AS facts FROM scan_results
          WHERE id = $1 AND attempt = $2 AND released_count = $3 AND finished_at IS NULL`,
        [id, attempt, released_count],
      );
      expect(
        charged === undefined,
        `scan ${id} was not handed back in an orderly restart: ${charged?.facts}`,
      );
    }
  },
};

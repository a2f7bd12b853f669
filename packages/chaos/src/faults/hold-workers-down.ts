import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import { expectAccepted, expectShown } from './observe.ts';

/** Scans are accepted all the same, and wait. */
export const holdWorkersDown: Fault = {
  name: 'all workers are down',
  async strike(context) {
    const { platform } = context;
    await platform.untilReady();
    const down = async (): Promise<void> => {
      const id = await expectAccepted(context, 'while all workers were down');
      await expectShown(context, 'while all workers were down');
      await delay(2_000);
      const [row] = await platform.database.sql('SELECT FROM scan_results WHERE id = $1 AND status = $2', [
        id,
        'queued',
      ]);
      context.expect(row !== undefined, `scan ${id} does not wait for the workers that are down`);
    };
    const [first, ...others] = platform.named('worker');
    const holdAll = others.reduce<() => Promise<void>>((work, worker) => () => worker.holdDown(work), down);
    await first.holdDown(holdAll);
  },
};

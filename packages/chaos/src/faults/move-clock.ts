import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import { expectAccepted, heldScans } from './observe.ts';

const HOUR_MS = 3_600_000;
const LASTS_MS = 2_000;

/** Leases are on PostgreSQL's clock: nobody loses a scan, keys are valid, scans are accepted. */
export const moveClock: Fault = {
  name: 'the clock of a process jumps by an hour',
  async strike(context) {
    const { platform, random, say, expect } = context;
    await platform.untilReady();
    const [first, ...others] = platform.processes;
    if (!first) return;
    const process = random.pick([first, ...others]);
    const jumpMs = random.pick([HOUR_MS, -HOUR_MS]);
    say(`that of a ${process.name}, ${jumpMs > 0 ? 'ahead' : 'back'}`);
    const workers = platform.named('worker');
    const held = (await Promise.all(workers.map((worker) => heldScans(platform, worker)))).flat();
    process.moveClock(jumpMs);
    try {
      await expectAccepted(context, 'while a clock was wrong');
      await delay(LASTS_MS);
      await expectAccepted(context, 'while a clock was wrong');
      const taken = await platform.database.sql(
        `SELECT FROM scan_results AS scan JOIN unnest($1::uuid[], $2::int[]) AS held (id, attempt)
           ON scan.id = held.id AND scan.attempt > held.attempt`,
        [held.map(({ id }) => id), held.map(({ attempt }) => attempt)],
      );
      expect(
        taken.length === 0,
        `${taken.length} of ${held.length} scans were taken from their workers by a clock`,
      );
    } finally {
      process.moveClock(0);
    }
  },
};

import type { Fault } from './fault.ts';
import { expectAccepted } from './observe.ts';

/** What was accepted is on disk. */
export const cutPower: Fault = {
  name: 'the power is cut: everything ends at once, PostgreSQL and Redis too',
  async strike(context) {
    const { platform, say } = context;
    for (const each of platform.processes) each.signal('SIGKILL');
    await Promise.all([platform.postgres.end('power-cut'), platform.redis.kill()]);
    await Promise.all([platform.startPostgres(), platform.redis.start()]);
    const backMs = performance.now();
    await platform.untilReady();
    say(`everything was ready ${Math.round(performance.now() - backMs)} ms after its servers`);
    await expectAccepted(context, 'after the power was cut');
  },
};

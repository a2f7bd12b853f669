import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import { expectAccepted, until } from './observe.ts';

/** Everything starts, says what is missing, stays up, and goes on by itself. */
export const startWithoutRedis: Fault = {
  name: 'everything is started while Redis is away',
  async strike(context) {
    const { platform, expect } = context;
    await platform.untilReady();
    await platform.redis.kill();
    for (const each of platform.processes) each.signal('SIGKILL');
    await Promise.all(platform.processes.map((each) => each.ended()));
    try {
      for (const each of platform.processes) {
        const wanted = each.name === 'gateway' ? 200 : 503;
        await until(`a ${each.name} that started without Redis says so`, async () => {
          const page = await platform.health(each, 'ready');
          return page?.status === wanted && page.text.includes('Redis');
        });
      }
      const pids = platform.processes.map((each) => each.pid());
      await expectAccepted(context, 'while everything had started without Redis');
      await delay(1_000);
      platform.processes.forEach((each, index) => {
        expect(each.pid() === pids[index], `a ${each.name} that started without Redis did not stay up`);
      });
    } finally {
      await platform.redis.start();
    }
    await platform.untilReady();
  },
};

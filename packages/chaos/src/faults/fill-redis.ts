import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import { commandRedis } from './command-redis.ts';
import { expectAccepted, expectShown } from './observe.ts';

/** What cannot be handed over waits in the outbox. */
export const fillRedis: Fault = {
  name: 'Redis is full',
  async strike(context) {
    const { platform } = context;
    await platform.untilReady();
    await commandRedis(platform, 'config', 'set', 'maxmemory', '1mb');
    try {
      await expectAccepted(context, 'while Redis was full');
      await expectShown(context, 'while Redis was full');
      await delay(2_000);
    } finally {
      await commandRedis(platform, 'config', 'set', 'maxmemory', '0');
    }
    await expectAccepted(context, 'after Redis was full');
  },
};

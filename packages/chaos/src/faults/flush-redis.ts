import type { Fault } from './fault.ts';
import { commandRedis } from './command-redis.ts';
import { expectAccepted, expectShown } from './observe.ts';

/** Who is signed in stays so, for that is in PostgreSQL; the keys of limits are made anew. */
export const flushRedis: Fault = {
  name: 'Redis forgets everything',
  async strike(context) {
    await context.platform.untilReady();
    await commandRedis(context.platform, 'flushall');
    await expectShown(context, 'after Redis forgot everything');
    await expectAccepted(context, 'after Redis forgot everything');
  },
};

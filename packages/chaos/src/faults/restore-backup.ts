import type { ChaosPlatform } from '../platform/platform.ts';
import type { Fault } from './fault.ts';
import { commandRedis } from './command-redis.ts';

/** All that was accepted before the copy is there, and what waited goes on, with a Redis that knows nothing. */
export const restoreBackup: Fault = {
  name: 'PostgreSQL is lost and comes back from a copy of its files, Redis empty',
  strike: ({ platform }) =>
    withEverythingDown(platform, async () => {
      const { postgres } = platform;
      await postgres.end('fast');
      await postgres.backUp();
      await postgres.restore();
      await platform.startPostgres();
      await commandRedis(platform, 'flushall');
    }),
};

/** Without a gateway nothing is accepted between the copy and the loss. */
async function withEverythingDown({ processes }: ChaosPlatform, work: () => Promise<void>): Promise<void> {
  const down = processes.reduce<() => Promise<void>>((inner, each) => () => each.holdDown(inner), work);
  await down();
}

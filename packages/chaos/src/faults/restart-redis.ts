import { cp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Fault, FaultContext } from './fault.ts';
import { expectAccepted, expectShown } from './observe.ts';

/** It comes back with all that it acknowledged; nobody has to be restarted. */
export const restartRedis: Fault = {
  name: 'Redis is killed and comes back',
  strike: (context) => withRedisDown(context, () => Promise.resolve()),
};

/** All jobs are gone, and are handed over again. */
export const restartRedisEmpty: Fault = {
  name: 'Redis is killed and comes back with nothing',
  strike: (context) => withRedisDown(context, () => emptyFolder(context.platform.redis.folder)),
};

/** Jobs that were done long ago come again, and find their work done. */
export const restartRedisFromOldCopy: Fault = {
  name: 'Redis is killed and comes back as it was some time ago',
  async strike(context) {
    const { redis, folder } = context.platform;
    const copy = join(folder, 'redis-copy');
    await rm(copy, { recursive: true, force: true });
    await cp(redis.folder, copy, { recursive: true });
    await delay(context.random.between(1_500, 3_000));
    await withRedisDown(context, async () => {
      await emptyFolder(redis.folder);
      await cp(copy, redis.folder, { recursive: true });
    });
  },
};

async function withRedisDown(context: FaultContext, work: () => Promise<void>): Promise<void> {
  const { platform, random, say } = context;
  await platform.untilReady();
  await platform.redis.kill();
  try {
    await expectAccepted(context, 'while Redis was away');
    await expectShown(context, 'while Redis was away');
    await delay(random.between(200, 2_000));
    await work();
  } finally {
    await platform.redis.start();
  }
  const backMs = performance.now();
  await platform.untilReady();
  const readyMs = Math.round(performance.now() - backMs);
  say(`everything was ready ${readyMs} ms after Redis came back`);
  context.expect(
    !context.checksTimes || readyMs < 30_000,
    `it took ${readyMs} ms to get well after Redis came back`,
  );
}

async function emptyFolder(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
}

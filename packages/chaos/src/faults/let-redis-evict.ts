import type { Fault } from './fault.ts';
import { commandRedis } from './command-redis.ts';
import { until } from './observe.ts';

const POLICY = 'allkeys-lru';

/** Who depends on queues is not ready, and says which setting is wrong. */
export const letRedisEvict: Fault = {
  name: 'Redis is set to throw jobs away when it is full',
  async strike({ platform }) {
    await platform.untilReady();
    await commandRedis(platform, 'config', 'set', 'maxmemory-policy', POLICY);
    try {
      for (const each of platform.processes.filter(({ name }) => name !== 'gateway')) {
        await until(`a ${each.name} says that the policy of Redis is wrong`, async () => {
          const page = await platform.health(each, 'ready');
          return page?.status === 503 && page.text.includes(`maxmemory-policy ${POLICY}`);
        });
      }
      const [gateway] = platform.named('gateway');
      // It needs no queue to serve, but it is where people look.
      await until('the gateway says that the policy of Redis is wrong', async () => {
        const page = await platform.health(gateway, 'ready');
        return page?.status === 200 && page.text.includes(`maxmemory-policy ${POLICY}`);
      });
    } finally {
      await commandRedis(platform, 'config', 'set', 'maxmemory-policy', 'noeviction');
    }
    await platform.untilReady();
  },
};

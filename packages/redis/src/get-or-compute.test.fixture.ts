// A process that asks for one value as often as it is told, and prints which different answers it got.
import { setTimeout as delay } from 'node:timers/promises';
import { silentLogger } from '@cookie-scanner/observability';
import { z } from 'zod';
import { jsonCache } from './json-cache.ts';
import { openRedis } from './open-redis.ts';

const [url = '', prefix = '', counter = '', callers = '0'] = process.argv.slice(2);
const redis = openRedis({ url, prefix, logger: silentLogger });
const cache = jsonCache(redis, { space: 'analytics:metrics', schema: z.number() });

const answers = await Promise.all(
  Array.from({ length: Number(callers) }, () =>
    cache.getOrCompute('id', async () => {
      const count = await redis.connection('blocking').incr(counter);
      // Long enough for the other processes to ask while it is being computed.
      await delay(300);
      return count;
    }),
  ),
);
process.stdout.write(JSON.stringify([...new Set(answers)]));
await redis.close();

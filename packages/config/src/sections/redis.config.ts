import { z } from 'zod';
import { documented } from '../setting.ts';

/** Connection to Redis, for everyone who touches a queue or live progress. */
export const redisConfig = z
  .object({
    REDIS_URL: documented(
      z.url({ protocol: /^rediss?$/, error: 'must be a URL such as redis://user:password@host:6379' }),
      'Redis server (6.2 or newer, maxmemory-policy noeviction). The quick start starts its own when this is not set.',
      'redis://127.0.0.1:6379',
    ),
    REDIS_PREFIX: documented(
      z
        .string()
        .regex(/^[\w.{}:-]{1,100}$/, 'must be letters, digits and . _ - : { } only')
        .default('cookie-scanner'),
      'Begins every key, so that several installations can share one server.',
    ),
  })
  .transform((env) => ({ url: env.REDIS_URL, prefix: env.REDIS_PREFIX }));

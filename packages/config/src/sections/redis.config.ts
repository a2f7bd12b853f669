import { z } from 'zod';
import { guarded, productionSettings } from '../production-rules.ts';
import { documented, wholeNumber, yesOrNo } from '../setting.ts';

/** Connections to Redis, for everyone who touches a queue, a cache or live progress. */
export const redisConfig = guarded(
  z.object({
    ...productionSettings,
    REDIS_URL: documented(
      z.url({ protocol: /^rediss?$/, error: 'must be a URL such as redis://user:password@host:6379' }),
      'Redis server (6.2 or newer, maxmemory-policy noeviction). The quick start starts its own when this is not set.',
      { example: 'redis://127.0.0.1:6379' },
    ),
    REDIS_TLS: documented(
      yesOrNo().default(false),
      'Speaks TLS with Redis also when REDIS_URL begins with redis: and not with rediss:. Certificates of an authority\n' +
        'of your own are trusted through the NODE_EXTRA_CA_CERTS of Node.js.',
    ),
    REDIS_PREFIX: documented(
      z
        .string()
        .regex(/^[\w.{}:-]{1,100}$/, 'must be letters, digits and . _ - : { } only')
        .default('cookie-scanner'),
      'Begins every key, so that several installations can share one server.',
    ),
    REDIS_POOL_MAX: documented(
      wholeNumber(4, 1_000).default(50),
      'Connections that one process opens at most; one more would be a leak and is refused.',
    ),
  }),
).transform((env) => ({
  url: env.REDIS_TLS ? env.REDIS_URL.replace(/^redis:/i, 'rediss:') : env.REDIS_URL,
  prefix: env.REDIS_PREFIX,
  poolMax: env.REDIS_POOL_MAX,
}));

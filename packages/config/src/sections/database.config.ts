import { z } from 'zod';
import { guarded, productionSettings } from '../production-rules.ts';
import { documented, wholeNumber } from '../setting.ts';

/** Connection to PostgreSQL. */
export const databaseConfig = guarded(
  z.object({
    ...productionSettings,
    DATABASE_URL: documented(
      z.url({
        protocol: /^postgres(ql)?$/,
        error: 'must be a URL such as postgresql://user:password@host:5432/name',
      }),
      'PostgreSQL server. The quick start (npm run scan, npm start) starts its own when this is not set.',
      { example: 'postgresql://user:password@127.0.0.1:5432/cookie_scanner' },
    ),
    DATABASE_POOL_MAX: documented(
      wholeNumber(1, 1_000).default(10),
      'Connections that one process keeps open at most.',
    ),
    DATABASE_CONNECT_TIMEOUT_MS: documented(
      wholeNumber(100, 600_000).default(4_000),
      'Milliseconds to wait for a connection.',
    ),
    DATABASE_STATEMENT_TIMEOUT_MS: documented(
      wholeNumber(100, 600_000).default(30_000),
      'Milliseconds after which PostgreSQL ends a statement.',
    ),
  }),
).transform((env) => ({
  url: env.DATABASE_URL,
  poolMax: env.DATABASE_POOL_MAX,
  connectTimeoutMs: env.DATABASE_CONNECT_TIMEOUT_MS,
  statementTimeoutMs: env.DATABASE_STATEMENT_TIMEOUT_MS,
}));

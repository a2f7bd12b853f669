import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { documented } from '../setting.ts';

/** Where observations and reports are kept. */
export const artifactsConfig = z
  .object({
    ARTIFACTS_DIR: documented(
      z
        .string()
        .refine(isAbsolute, 'must be an absolute path, because all services must find the same folder'),
      'Folder for observations and reports, shared by gateway, worker, scheduler and report. The quick start has its own.',
      { example: '/var/lib/cookie-scanner/artifacts' },
    ),
  })
  .transform((env) => ({ dir: env.ARTIFACTS_DIR }));

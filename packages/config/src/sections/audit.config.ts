import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { documented } from '../setting.ts';

/** Where signed places of the audit log are kept beside the database. */
export const auditConfig = z
  .object({
    AUDIT_ANCHOR_FILE: documented(
      z.string().refine(isAbsolute, 'must be an absolute path').nullable().default(null),
      'File to which the scheduler adds a signed place of each chain of the audit log, once an hour. Keep it, or a copy, where\n' +
        'those who look after the database cannot write. The quick start has its own; without it they are in the database and the log.',
      { example: '/var/lib/cookie-scanner/audit/anchors.ndjson' },
    ),
  })
  .transform((env) => ({ anchorFile: env.AUDIT_ANCHOR_FILE }));

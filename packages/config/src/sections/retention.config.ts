import { z } from 'zod';
import { documented, wholeNumber } from '../setting.ts';

const DAYS_MAX = 36_500;
/** What was done in the last year can always be looked up. */
const AUDIT_DAYS_MIN = 365;

const days = () => wholeNumber(0, DAYS_MAX);

/** After how long what is kept goes. A workspace may choose otherwise for its scans, their files and its audit log. */
export const retentionConfig = z
  .object({
    RETENTION_SCAN_DAYS: documented(
      days().default(0),
      'Days after its end when a scan goes, with all that belongs to it; 0 for never. A workspace may choose otherwise.',
    ),
    RETENTION_FILE_DAYS: documented(
      days().default(760),
      'Days after its end when a scan loses its observation, screenshots and record of requests, while its result and ' +
        'reports stay; 0 for never. A workspace may choose otherwise.',
    ),
    RETENTION_VALUE_DAYS: documented(
      wholeNumber(1, 30).default(30),
      'The same for scans whose observation carries values of cookies, which are personal data. No workspace may choose otherwise.',
    ),
    RETENTION_ROW_MONTHS: documented(
      wholeNumber(0, 1_200).default(25),
      'Full months for which cookies, pages, stored items and findings of scans can be searched; 0 for ever. They are kept by ' +
        'month for all workspaces together.',
    ),
    RETENTION_AUDIT_DAYS: documented(
      days()
        .refine((value) => value === 0 || value >= AUDIT_DAYS_MIN, `must be 0 or at least ${AUDIT_DAYS_MIN}`)
        .default(0),
      'Days after which rows of the audit log go; 0 for never, else at least 365. A workspace may choose otherwise.',
    ),
    RETENTION_NOTICE_DAYS: documented(days().default(365), 'Days after which notices go; 0 for never.'),
    RETENTION_RUN_DAYS: documented(
      days().default(365),
      'Days after which the record of a run of a schedule goes, and that of a job that no queue took; 0 for never.',
    ),
    RETENTION_DELIVERY_DAYS: documented(
      days().default(30),
      'Days after which the record of a call of a webhook goes; 0 for never.',
    ),
    RETENTION_SESSION_DAYS: documented(
      days().default(30),
      'Days after their end when sessions go, and tokens for invitations and new passwords; 0 for never.',
    ),
  })
  .transform((env) => ({
    scanDays: env.RETENTION_SCAN_DAYS,
    fileDays: env.RETENTION_FILE_DAYS,
    valueDays: env.RETENTION_VALUE_DAYS,
    rowMonths: env.RETENTION_ROW_MONTHS,
    auditDays: env.RETENTION_AUDIT_DAYS,
    noticeDays: env.RETENTION_NOTICE_DAYS,
    runDays: env.RETENTION_RUN_DAYS,
    deliveryDays: env.RETENTION_DELIVERY_DAYS,
    sessionDays: env.RETENTION_SESSION_DAYS,
  }));

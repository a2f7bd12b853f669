import { z } from 'zod';
import { defineQueue } from './define-queue.ts';

/** Asks the notifier to tell somebody what was done to their account, or in their name. */
export const sendAccountNoticeQueue = defineQueue({
  name: 'send-account-notice',
  payload: z.object({
    /** The entry of the audit log that says what was done; also the id of the event. */
    auditLogId: z.uuid(),
    /** Whose account it is. */
    userId: z.uuid(),
  }),
  jobId: ({ auditLogId }) => `account-notice-${auditLogId}`,
  attempts: 6,
  backoffMs: 5_000,
  timeoutMs: 30_000,
});

export type SendAccountNoticeJob = z.infer<typeof sendAccountNoticeQueue.payload>;

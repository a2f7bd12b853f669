import { z } from 'zod';
import { defineQueue } from './define-queue.ts';

/** Asks the notifier to mail somebody the link that a token of theirs opens: an invitation, or a new password. */
export const sendAccountMailQueue = defineQueue({
  name: 'send-account-mail',
  payload: z.object({
    /** Row of the token; the notifier works the token itself out, so that no queue ever carries it. */
    userTokenId: z.uuid(),
  }),
  jobId: ({ userTokenId }) => `account-mail-${userTokenId}`,
  attempts: 6,
  backoffMs: 5_000,
  timeoutMs: 30_000,
});

export type SendAccountMailJob = z.infer<typeof sendAccountMailQueue.payload>;

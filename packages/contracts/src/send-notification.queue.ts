import { z } from 'zod';
import { defineQueue } from './define-queue.ts';
import { notificationEventSchema } from './notification.ts';

/** Asks the notifier to tell whoever wants to know about one event. */
export const sendNotificationQueue = defineQueue({
  name: 'send-notification',
  payload: z.object({
    /** Stable id of the event; one notification per event and channel. */
    eventId: z.uuid(),
    event: notificationEventSchema,
    scanId: z.uuid(),
  }),
  jobId: ({ eventId }) => `notify-${eventId}`,
  attempts: 6,
  backoffMs: 5_000,
  timeoutMs: 30_000,
});

export type SendNotificationJob = z.infer<typeof sendNotificationQueue.payload>;

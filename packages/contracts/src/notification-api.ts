import { z } from 'zod';
import { notificationChannelSchema, notificationEventSchema, notificationSchema } from './notification.ts';
import { uniqueArray } from './text.ts';

/** A message to oneself, as the product shows it. */
export const inboxNoticeSchema = notificationSchema.pick({
  id: true,
  event: true,
  workspaceId: true,
  scanId: true,
  subject: true,
  body: true,
  readAt: true,
  createdAt: true,
});
export type InboxNotice = z.infer<typeof inboxNoticeSchema>;

/** A page of them, the newest first. */
export const inboxPageSchema = z.object({
  items: z.array(inboxNoticeSchema),
  nextCursor: z.string().nullable(),
  /** In this workspace, on all pages. */
  unreadCount: z.number().int().min(0),
});

/** Events about which people choose how to hear of them. All others that concern somebody are told in the product. */
export const chosenEventSchema = notificationEventSchema.extract(['scan_finished']);
export type ChosenEvent = z.infer<typeof chosenEventSchema>;

/** Ways that people choose among. */
export const chosenChannelSchema = notificationChannelSchema.extract(['in_app', 'email']);
export type ChosenChannel = z.infer<typeof chosenChannelSchema>;

/** How somebody hears of each event. Without channels they do not. */
export const notificationChoicesSchema = z.object({
  choices: z.record(chosenEventSchema, z.object({ channels: z.array(chosenChannelSchema) })),
});
export type NotificationChoices = z.infer<typeof notificationChoicesSchema>;

/** What somebody wants instead; events that are not named keep the platform's default: in the product alone. */
export const notificationChoicesUpdateSchema = z.strictObject({
  choices: z.partialRecord(chosenEventSchema, z.strictObject({ channels: uniqueArray(chosenChannelSchema) })),
});
export type NotificationChoicesUpdate = z.infer<typeof notificationChoicesUpdateSchema>;

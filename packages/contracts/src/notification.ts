import { z } from 'zod';
import { emailSchema } from './email.ts';
import { severitySchema } from './finding.ts';
import { idSchema, rowTimes } from './id.ts';
import { safeString, uniqueArray } from './text.ts';
import { quietHoursSchema } from './time-range.ts';
import { timeZoneSchema } from './time-zone.ts';
import { localeSchema } from './scan-options.ts';

/** Something that people, webhooks or other systems may want to hear about. */
export const notificationEventSchema = z.enum([
  'scan_finished',
  'scan_failed',
  'site_changed',
  'finding_raised',
  'anomaly_detected',
  'report_ready',
  'report_failed',
  'schedule_failed',
  'member_invited',
  'role_changed',
  'api_key_created',
  'api_key_expiring',
  'password_changed',
  'mfa_changed',
  'session_revoked',
  'webhook_broken',
  'passkey_changed',
]);
export type NotificationEvent = z.infer<typeof notificationEventSchema>;

/** Way a notification takes. */
export const notificationChannelSchema = z.enum(['in_app', 'email', 'webhook', 'slack', 'teams']);
export type NotificationChannel = z.infer<typeof notificationChannelSchema>;

/** How a notification stands or ended. `suppressed` means that its recipient did not want it. */
export const notificationStatusSchema = z.enum(['pending', 'sent', 'failed', 'suppressed']);
export type NotificationStatus = z.infer<typeof notificationStatusSchema>;

/** When a person hears of an event: at once, gathered once a day or once a week. */
export const notificationFrequencySchema = z.enum(['immediate', 'daily', 'weekly']);
export type NotificationFrequency = z.infer<typeof notificationFrequencySchema>;

/** One message to one recipient over one channel, and how it ended. */
export const notificationSchema = z.object({
  id: idSchema,
  /** Same for all messages about one event; one message per event, channel and recipient. */
  eventId: idSchema,
  event: notificationEventSchema,
  workspaceId: idSchema.nullable(),
  /** Null when the message goes to an address that is nobody's account. */
  userId: idSchema.nullable(),
  /** Null once the scan is gone, or when the event is about none. */
  scanId: idSchema.nullable(),
  channel: notificationChannelSchema,
  recipient: z.string(),
  subject: z.string(),
  body: z.string(),
  status: notificationStatusSchema,
  failureReason: z.string().nullable(),
  sentAt: z.iso.datetime().nullable(),
  /** When its recipient saw it in the product; null for other channels too. */
  readAt: z.iso.datetime().nullable(),
  ...rowTimes,
});
export type Notification = z.infer<typeof notificationSchema>;

/** How one person wants to hear of one event. Without channels they do not hear of it. */
export const notificationChoiceSchema = z.strictObject({
  channels: uniqueArray(notificationChannelSchema),
  frequency: notificationFrequencySchema.default('immediate'),
  /** Less than this is not told; only events about findings and anomalies have a severity. */
  severityMin: severitySchema.default('info'),
});
export type NotificationChoice = z.infer<typeof notificationChoiceSchema>;

/** What one person wants to hear. Events that are not named follow the platform's defaults. */
export const notificationPreferencesSchema = z.strictObject({
  choices: z.partialRecord(notificationEventSchema, notificationChoiceSchema),
  /** Other address than that of the account; null for the account's own. */
  email: emailSchema.nullable().default(null),
  /** Messages wait until these hours end; null for none. What concerns the account's safety never waits. */
  quietHours: quietHoursSchema.nullable().default(null),
  timeZone: timeZoneSchema.default('UTC'),
});
export type NotificationPreferences = z.infer<typeof notificationPreferencesSchema>;

/** What a template may name between double braces. */
export const templateVariableSchema = z.enum([
  'recipientName',
  'workspaceName',
  'site',
  'scanUrl',
  'scanStatus',
  'reportUrl',
  'severity',
  'summary',
  'occurredAt',
  'settingsUrl',
]);
export type TemplateVariable = z.infer<typeof templateVariableSchema>;

const wording = {
  event: notificationEventSchema,
  channel: notificationChannelSchema,
  language: localeSchema,
  subject: templateText(safeString(200, { min: 1 })),
  body: templateText(safeString(10_000, { min: 1, multiline: true })),
};

/** Wording of the messages about one event over one channel, in one language. */
export const notificationTemplateSchema = z.object({
  id: idSchema,
  /** Null for the wording that comes with the platform. */
  workspaceId: idSchema.nullable(),
  ...wording,
  language: z.string(),
  subject: z.string(),
  body: z.string(),
  ...rowTimes,
});
export type NotificationTemplate = z.infer<typeof notificationTemplateSchema>;

/** What is needed to replace the platform's wording. */
export const notificationTemplateCreateSchema = z.strictObject(wording);
export type NotificationTemplateCreate = z.infer<typeof notificationTemplateCreateSchema>;

/** Braces are for variables alone: a template is filled in, never run. */
function templateText(text: z.ZodString): z.ZodString {
  return text.superRefine((template, context) => {
    const rest = template.replace(/\{\{ ?([a-zA-Z]+) ?\}\}/g, (placeholder, name: string) =>
      templateVariableSchema.safeParse(name).success ? '' : placeholder,
    );
    const unknown = /\{\{.{0,40}|\}\}/.exec(rest)?.[0];
    if (unknown !== undefined) {
      context.addIssue({ code: 'custom', message: `has no variable at ${JSON.stringify(unknown)}` });
    }
  });
}

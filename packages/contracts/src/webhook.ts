import { z } from 'zod';
import { idSchema, rowTimes } from './id.ts';
import { notificationEventSchema } from './notification.ts';
import { scanUrlSchemaFor, type ScanUrlPolicy } from './scan-url.ts';
import { changesSomething, descriptionSchema, uniqueArray } from './text.ts';

/** Whether an endpoint is called. `broken` means that the platform gave up on it after repeated failures. */
export const webhookStateSchema = z.enum(['active', 'paused', 'broken']);
export type WebhookState = z.infer<typeof webhookStateSchema>;

/** How a delivery stands or ended. `failed` is tried again; `dead` is not. */
export const webhookDeliveryStateSchema = z.enum(['pending', 'delivered', 'failed', 'dead']);
export type WebhookDeliveryState = z.infer<typeof webhookDeliveryStateSchema>;

/**
 * The secret that deliveries are signed with: `whsec_` and 24 to 64 bytes in base64.
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export const webhookSecretSchema = z
  .string()
  .regex(
    /^whsec_(?=[A-Za-z0-9+/]{32,86}={0,2}$)(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
    'is not whsec_ and 24 to 64 bytes in base64',
  );

/** An address that events are sent to, as the API shows it. The secret is never among it. */
export const webhookSchema = z.object({
  id: idSchema,
  workspaceId: idSchema,
  url: z.string(),
  events: z.array(notificationEventSchema),
  description: z.string(),
  state: webhookStateSchema,
  /** Failed attempts since the last one that got through. */
  consecutiveFailures: z.number().int().min(0),
  ...rowTimes,
});
export type Webhook = z.infer<typeof webhookSchema>;

/** A webhook with its secret, which is shown this once. */
export const webhookCreatedSchema = webhookSchema.extend({ secret: z.string() });

/** A page of webhooks. */
export const webhookPageSchema = z.object({
  items: z.array(webhookSchema),
  nextCursor: z.string().nullable(),
});

/** What is needed to be told of events over HTTP. Without a secret the platform makes one. */
export function webhookCreateSchemaFor(policy: WebhookPolicy) {
  return z.strictObject({
    ...decidedUnder(policy),
    description: descriptionSchema.default(''),
    secret: webhookSecretSchema.optional(),
  });
}

/** What is needed to be told of events over HTTPS on the public internet. */
export const webhookCreateSchema = webhookCreateSchemaFor({});
export type WebhookCreate = z.infer<typeof webhookCreateSchema>;

/** A change of a webhook. */
export function webhookUpdateSchemaFor(policy: WebhookPolicy) {
  return z
    .strictObject({ ...decidedUnder(policy), state: webhookStateSchema.exclude(['broken']) })
    .partial()
    .refine(changesSomething, 'changes nothing');
}

/** A change of a webhook on the public internet. */
export const webhookUpdateSchema = webhookUpdateSchemaFor({});
export type WebhookUpdate = z.infer<typeof webhookUpdateSchema>;

/** One delivery of one event to one webhook. */
export const webhookDeliverySchema = z.object({
  id: idSchema,
  webhookId: idSchema,
  /** Same for every attempt, also for one that people ask for again. */
  eventId: idSchema,
  event: notificationEventSchema,
  state: webhookDeliveryStateSchema,
  /** Attempts so far. */
  attempt: z.number().int().min(0),
  /** Status of the last answer; null when there was none. */
  httpStatus: z.number().int().nullable(),
  failureReason: z.string().nullable(),
  nextAttemptAt: z.iso.datetime().nullable(),
  deliveredAt: z.iso.datetime().nullable(),
  ...rowTimes,
});
export type WebhookDelivery = z.infer<typeof webhookDeliverySchema>;

/** A page of deliveries, the newest first. */
export const webhookDeliveryPageSchema = z.object({
  items: z.array(webhookDeliverySchema),
  nextCursor: z.string().nullable(),
});

/** What the operator's settings allow. */
export interface WebhookPolicy extends ScanUrlPolicy {
  /** Accept receivers without TLS. */
  readonly allowHttp?: boolean;
}

function decidedUnder({ allowHttp = false, ...policy }: WebhookPolicy) {
  return {
    url: scanUrlSchemaFor(policy).refine(
      (url) => allowHttp || url.startsWith('https:'),
      'does not begin with https',
    ),
    events: uniqueArray(notificationEventSchema).min(1),
    description: descriptionSchema,
  };
}

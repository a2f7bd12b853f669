import type { SendNotificationJob } from '@cookie-scanner/contracts';
import type {
  Delivery,
  NotificationRepository,
  ScanRepository,
  WebhookOutboundRepository,
} from '@cookie-scanner/database';
import { AppError, isAppError } from '@cookie-scanner/errors';
import type { JobContext, Processor } from '@cookie-scanner/queues';
import type { InTurn } from '../in-turn.ts';
import type { Mailer } from '../mail/mailer.ts';
import { webhookPayload } from '../webhooks/webhook-payload.ts';
import type { Message } from '../messages/message.ts';
import { scanFinishedMessage } from '../messages/scan-finished.message.ts';

/** Stands for the event itself, whoever heard of it: the reconciler sees by it that people were told. */
const IN_APP_RECIPIENT = 'everyone';

/** What telling people needs. */
export interface SendNotificationDeps {
  readonly scans: Pick<ScanRepository, 'find'>;
  readonly notifications: NotificationRepository;
  readonly webhooks: Pick<WebhookOutboundRepository, 'fanOut'>;
  /** Called when a webhook has something to send. */
  readonly onWebhookDue?: () => void;
  /** Null when no mail server is configured; then people are told in the product only. */
  readonly mail: { readonly mailer: Mailer; readonly recipients: readonly string[] } | null;
  /** Where people reach this installation, for links; null when that is not known. */
  readonly publicUrl: string | null;
  readonly inTurn: InTurn;
  /** Called for each message that was settled here, for metrics. */
  readonly onSettled?: (channel: Delivery['channel'], state: 'sent' | 'failed') => void;
}

type Announcement = SendNotificationJob & { readonly message: Message };

/**
 * Tells people about one event, as they chose: in the product, and by mail where that is configured. Webhooks that want to hear of it
 * get a delivery each, which the sender of webhooks takes from there.
 *
 * Each message has a row, claimed before and marked after sending, so a job that runs again sends only what is
 * still open. A process that dies between the two sends a mail again, with the same Message-ID.
 *
 * @throws AppError SCAN_NOT_FOUND when the scan was deleted meanwhile (not retried)
 * @throws AppError DELIVERY_FAILED when a mail could not be delivered now (retried)
 * @throws AppError DELIVERY_REFUSED when a mail server refused a mail for good; its row is failed (not retried)
 */
export function sendNotificationProcessor(deps: SendNotificationDeps): Processor<SendNotificationJob> {
  const { scans, publicUrl, inTurn, mail, webhooks, onWebhookDue } = deps;

  return ({ eventId, event, scanId }, context) =>
    inTurn(eventId, async () => {
      const scan = await scans.find(scanId);
      if (!scan) throw new AppError('SCAN_NOT_FOUND', `scan ${scanId} does not exist`, { scanId });
      const message = scanFinishedMessage(scan, publicUrl);
      const announcement = { eventId, event, scanId, message };

      const payload = webhookPayload(event, scan, publicUrl);
      if ((await webhooks.fanOut({ eventId, event, scanId, payload })) > 0) onWebhookDue?.();
      await tellInApp(deps, announcement);
      if (!mail) return;

      const failures: AppError[] = [];
      for (const recipient of await recipientsOf(deps, mail.recipients, { event, scanId })) {
        context.signal.throwIfAborted();
        const failure = await tellByMail(deps, mail.mailer, recipient, announcement, context);
        if (failure) failures.push(failure);
      }
      // What may succeed later decides: a job that is not tried again would strand it.
      const verdict = failures.find(({ rule }) => rule.retry === 'later') ?? failures[0];
      if (verdict) throw verdict;
    });
}

/**
 * Marks the mails of an event as failed that nobody will try to send any more.
 *
 * @param reason - shown to people beside the message
 */
export async function giveUpMails(
  { scans, notifications, mail, publicUrl, onSettled }: SendNotificationDeps,
  { eventId, event, scanId }: SendNotificationJob,
  reason: string,
): Promise<void> {
  const scan = await scans.find(scanId);
  if (!scan || !mail) return;
  const message = scanFinishedMessage(scan, publicUrl);
  const recipients = await recipientsOf({ notifications }, mail.recipients, { event, scanId });
  for (const { address, userId } of recipients) {
    const delivery = deliveryOf('email', address, { eventId, event, scanId, message }, userId);
    const { id, state } = await notifications.claimDelivery(delivery);
    if (state !== 'pending') continue;
    await notifications.markFailed(id, reason);
    onSettled?.('email', 'failed');
  }
}

async function tellInApp(
  { notifications, onSettled }: SendNotificationDeps,
  announcement: Announcement,
): Promise<void> {
  const { eventId, event, scanId, message } = announcement;
  const { subject, text: body } = message;
  await notifications.tellMembers({ eventId, event, scanId, subject, body });
  const { id, state } = await notifications.claimDelivery(
    deliveryOf('in_app', IN_APP_RECIPIENT, announcement),
  );
  if (state === 'sent') return;
  await notifications.markSent(id);
  onSettled?.('in_app', 'sent');
}

/** Sends one mail that is still open. Returns what went wrong, so that the other recipients are served too. */
async function tellByMail(
  { notifications, onSettled }: SendNotificationDeps,
  mailer: Mailer,
  { address, userId }: Recipient,
  announcement: Announcement,
  { signal, log }: JobContext,
): Promise<AppError | null> {
  const { id, state } = await notifications.claimDelivery(deliveryOf('email', address, announcement, userId));
  if (state !== 'pending') return null;
  const { subject, text, html } = announcement.message;
  try {
    await mailer.send({ id, to: address, subject, text, html }, signal);
  } catch (error) {
    if (!isAppError(error)) throw error;
    if (error.rule.retry === 'never') {
      await notifications.markFailed(id, error.message);
      onSettled?.('email', 'failed');
    }
    log.warn('a mail was not delivered', { notificationId: id, scanId: announcement.scanId, error });
    return error;
  }
  await notifications.markSent(id);
  onSettled?.('email', 'sent');
  log.info('a mail was delivered', { notificationId: id, scanId: announcement.scanId });
  return null;
}

function deliveryOf(
  channel: Delivery['channel'],
  recipient: string,
  { eventId, event, scanId, message }: Announcement,
  userId?: string,
): Delivery {
  return {
    ...{ eventId, event, scanId, channel, recipient, subject: message.subject, body: message.text },
    ...(userId === undefined ? {} : { userId }),
  };
}

/** Who gets a mail: an address of the settings, or the account of a member who asked for it. */
interface Recipient {
  readonly address: string;
  readonly userId?: string;
}

/** Everybody who gets a mail about an event, each once. */
async function recipientsOf(
  { notifications }: Pick<SendNotificationDeps, 'notifications'>,
  configured: readonly string[],
  event: Pick<Announcement, 'event' | 'scanId'>,
): Promise<Recipient[]> {
  const members = await notifications.mailedMembers(event);
  return [
    ...configured.map((address) => ({ address })),
    ...members
      .filter(({ email }) => !configured.includes(email))
      .map(({ email, userId }) => ({ address: email, userId })),
  ];
}

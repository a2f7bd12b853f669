import type { SendAccountNoticeJob } from '@cookie-scanner/contracts';
import type { AccountNoticeRepository, Delivery, NotificationRepository } from '@cookie-scanner/database';
import { isAppError } from '@cookie-scanner/errors';
import type { Processor } from '@cookie-scanner/queues';
import type { Mailer } from '../mail/mailer.ts';
import { accountNoticeMessage } from '../messages/account-notice.message.ts';

/** What telling people of their accounts needs. */
export interface SendAccountNoticeDeps {
  readonly accountNotices: AccountNoticeRepository;
  readonly notifications: Pick<NotificationRepository, 'claimDelivery' | 'markSent' | 'markFailed'>;
  /** Null when no mail server is configured; then people are told in the product only. */
  readonly mailer: Mailer | null;
  /** Called for each message that was settled here, for metrics. */
  readonly onSettled?: (channel: Delivery['channel'], state: 'sent' | 'failed') => void;
}

/**
 * Tells somebody what was done to their account, or in their name: in the product, and by mail where that is configured.
 * Nobody can choose not to hear of it. A job that runs again sends only what is still open.
 *
 * @throws AppError DELIVERY_FAILED when the mail could not be delivered now (retried)
 * @throws AppError DELIVERY_REFUSED when it never will be; its row is failed (not retried)
 */
export function sendAccountNoticeProcessor(deps: SendAccountNoticeDeps): Processor<SendAccountNoticeJob> {
  const { notifications, mailer, onSettled = () => undefined } = deps;

  return async (job, { signal, log }) => {
    const deliveries = await deliveriesOf(deps, job);
    if (deliveries?.inApp) {
      const { id, state } = await notifications.claimDelivery(deliveries.inApp);
      if (state !== 'sent') {
        await notifications.markSent(id);
        onSettled('in_app', 'sent');
      }
    }
    if (!deliveries || !mailer) return;
    const { id, state } = await notifications.claimDelivery(deliveries.mail);
    if (state !== 'pending') return;
    const { recipient: to, subject, body: text } = deliveries.mail;
    try {
      await mailer.send({ id, to, subject, text, html: deliveries.html }, signal);
    } catch (error) {
      if (isAppError(error) && error.rule.retry === 'never') {
        await notifications.markFailed(id, error.message);
        onSettled('email', 'failed');
      }
      throw error;
    }
    await notifications.markSent(id);
    onSettled('email', 'sent');
    log.info('somebody was told of their account by mail', { notificationId: id, userId: job.userId });
  };
}

/**
 * Marks a mail as failed that nobody will try to send any more.
 *
 * @param reason - shown to people beside the message
 */
export async function giveUpAccountNotice(
  deps: SendAccountNoticeDeps,
  job: SendAccountNoticeJob,
  reason: string,
): Promise<void> {
  const deliveries = deps.mailer ? await deliveriesOf(deps, job) : null;
  if (!deliveries) return;
  const { id, state } = await deps.notifications.claimDelivery(deliveries.mail);
  if (state !== 'pending') return;
  await deps.notifications.markFailed(id, reason);
  deps.onSettled?.('email', 'failed');
}

/** What one notice comes to; null when there is nothing to tell. */
async function deliveriesOf(
  { accountNotices }: Pick<SendAccountNoticeDeps, 'accountNotices'>,
  job: SendAccountNoticeJob,
): Promise<{ inApp: Delivery | null; mail: Delivery; html: string } | null> {
  const notice = await accountNotices.find(job);
  const told = notice && accountNoticeMessage(notice);
  if (!told) return null;
  const { event, message } = told;
  const { userId, workspaceId, email } = notice;
  const common = {
    eventId: job.auditLogId,
    event,
    scanId: null,
    userId,
    subject: message.subject,
    body: message.text,
  };
  return {
    inApp: workspaceId === null ? null : { ...common, channel: 'in_app', recipient: userId, workspaceId },
    mail: { ...common, channel: 'email', recipient: email },
    html: message.html,
  };
}

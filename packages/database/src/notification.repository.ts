import type { NotificationChannel, NotificationEvent, NotificationStatus } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import { isMissingReference } from './database-error.ts';
import { mailedMembers, tellMembers, type MailedMember, type MemberNotice } from './notification-members.ts';
import { databaseAccess, type Database, type DatabaseAccess } from './open-database.ts';
import { toBoundedText, toPostgresText } from './postgres-text.ts';

/** One message to one recipient. */
export interface Delivery {
  /** Same for the same event, however often it is told. */
  eventId: string;
  event: NotificationEvent;
  /** Null when it is about none. */
  scanId: string | null;
  /** In whose inbox it is; left out where the scan says so, and for mails. */
  workspaceId?: string;
  channel: NotificationChannel;
  /** Mail address, or who sees it in the product. */
  recipient: string;
  subject: string;
  body: string;
  /** Whose account it goes to; left out for addresses that are nobody's. */
  userId?: string;
}

/** What was sent to whom by which channel, and how it ended. */
export interface NotificationRepository {
  /**
   * Records that a message is about to be sent, once per event, channel and recipient. A repeated call gives the first
   * row and its state, so that a message known as `sent` is not sent again.
   *
   * @throws AppError SCAN_NOT_FOUND
   */
  claimDelivery(delivery: Delivery): Promise<{ id: string; state: NotificationStatus }>;
  /** Leaves a notice for every active member of the scan's workspace who did not choose otherwise; returns how many are new. */
  tellMembers(notice: MemberNotice): Promise<number>;
  /** Active members of the scan's workspace who asked for mails about this event. */
  mailedMembers(event: { event: NotificationEvent; scanId: string }): Promise<MailedMember[]>;
  /** Records that the message went out, also after an earlier failure. */
  markSent(id: string): Promise<void>;
  /** Records why the message did not go out; a message already sent stays sent. */
  markFailed(id: string, reason: string): Promise<void>;
}

/** The notifications kept in a database. */
export function notificationRepository(database: Database): NotificationRepository {
  const access = databaseAccess(database);
  return {
    claimDelivery: (delivery) => claimDelivery(access, delivery),
    tellMembers: (notice) => tellMembers(access, notice),
    mailedMembers: (event) => mailedMembers(access, event),
    markSent: async (id) => {
      await access.query(
        (prisma) => prisma.$executeRaw`
          UPDATE notifications SET state = 'sent', sent_at = now(), failure_reason = NULL
           WHERE id = ${id}::uuid AND state <> 'sent'`,
      );
    },
    markFailed: async (id, reason) => {
      await access.query((prisma) =>
        prisma.notification.updateMany({
          where: { id, state: { not: 'sent' } },
          data: { state: 'failed', failureReason: toBoundedText(reason === '' ? 'unknown' : reason) },
        }),
      );
    },
  };
}

async function claimDelivery(
  access: DatabaseAccess,
  delivery: Delivery,
): Promise<{ id: string; state: NotificationStatus }> {
  const { eventId, channel, scanId } = delivery;
  const recipient = toPostgresText(delivery.recipient);
  try {
    return await access.query(async (prisma) => {
      await prisma.notification.createMany({
        data: [
          {
            eventId,
            event: delivery.event,
            scanId,
            channel,
            recipient,
            subject: toPostgresText(delivery.subject),
            body: toPostgresText(delivery.body),
            ...(delivery.userId === undefined ? {} : { userId: delivery.userId }),
            ...(delivery.workspaceId === undefined ? {} : { workspaceId: delivery.workspaceId }),
          },
        ],
        skipDuplicates: true,
      });
      return prisma.notification.findUniqueOrThrow({
        where: { eventId_channel_recipient: { eventId, channel, recipient } },
        select: { id: true, state: true },
      });
    });
  } catch (error) {
    if (scanId === null || !isMissingReference(error)) throw error;
    throw new AppError('SCAN_NOT_FOUND', `scan ${scanId} does not exist`, { scanId }, { cause: error });
  }
}

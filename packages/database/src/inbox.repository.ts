import type { InboxNotice } from '@cookie-scanner/contracts';
import { Prisma } from './generated/client.ts';
import { keyBefore, keysetPage, pageSize, type KeysetPage, type PageRequest } from './keyset.ts';
import { databaseAccess, type Database, type DatabaseAccess } from './open-database.ts';
import { fromPostgresText } from './postgres-text.ts';

/** Whose notices, in which workspace. */
interface InboxPlace {
  workspaceId: string;
  userId: string;
}

/** What people are told in the product. Reading changes nothing for anybody else, so it is in no audit log. */
export interface InboxRepository {
  /** The newest first, all or those that were not read yet. */
  list(request: InboxPlace & { isUnread: boolean } & PageRequest): Promise<KeysetPage<InboxNotice>>;
  countUnread(place: InboxPlace): Promise<number>;
  /** Marks a notice as read; again changes nothing. False when there is none. */
  markRead(id: string, place: InboxPlace): Promise<boolean>;
  /** Marks all of them as read. */
  markAllRead(place: InboxPlace): Promise<void>;
}

/** The notices kept in a database. */
export function inboxRepository(database: Database): InboxRepository {
  const access = databaseAccess(database);
  return {
    list: (request) => listNotices(access, request),
    countUnread: (place) =>
      access.query((prisma) => prisma.notification.count({ where: { ...noticesOf(place), readAt: null } })),
    markRead: (id, place) =>
      access.transaction(async (tx) => {
        await tx.notification.updateMany({
          where: { id, ...noticesOf(place), readAt: null },
          data: { readAt: new Date() },
        });
        return (await tx.notification.count({ where: { id, ...noticesOf(place) } })) === 1;
      }),
    markAllRead: async (place) => {
      await access.query((prisma) =>
        prisma.notification.updateMany({
          where: { ...noticesOf(place), readAt: null },
          data: { readAt: new Date() },
        }),
      );
    },
  };
}

interface NoticeRow extends Omit<InboxNotice, 'readAt' | 'createdAt'> {
  readAt: Date | null;
  createdAt: Date;
  at: string;
}

async function listNotices(
  access: DatabaseAccess,
  request: InboxPlace & { isUnread: boolean } & PageRequest,
): Promise<KeysetPage<InboxNotice>> {
  const after = keyBefore(request, ['time', 'uuid']);
  const size = pageSize(request);
  const { workspaceId, userId, isUnread } = request;
  const unread = isUnread ? Prisma.sql`AND read_at IS NULL` : Prisma.empty;
  const behind = after
    ? Prisma.sql`AND (created_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`
    : Prisma.empty;
  const rows = await access.query(
    (prisma) => prisma.$queryRaw<NoticeRow[]>`
      SELECT id, event, workspace_id AS "workspaceId", scan_id AS "scanId", subject, body, read_at AS "readAt",
             created_at AS "createdAt", created_at::text AS at
        FROM notifications
       WHERE user_id = ${userId}::uuid AND channel = 'in_app' AND workspace_id = ${workspaceId}::uuid ${unread} ${behind}
       ORDER BY created_at DESC, id DESC LIMIT ${size + 1}`,
  );
  return keysetPage(
    rows,
    size,
    ({ at, id }) => [at, id],
    ({ id, event, workspaceId, scanId, ...row }) => ({
      ...{ id, event, workspaceId, scanId },
      subject: fromPostgresText(row.subject),
      body: fromPostgresText(row.body),
      readAt: row.readAt?.toISOString() ?? null,
      createdAt: row.createdAt.toISOString(),
    }),
  );
}

function noticesOf({ workspaceId, userId }: InboxPlace): Prisma.NotificationWhereInput {
  return { workspaceId, userId, channel: 'in_app' };
}

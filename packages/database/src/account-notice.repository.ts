import { databaseAccess, type Database } from './open-database.ts';
import { fromPostgresText } from './postgres-text.ts';

/** What was done to an account, or in its owner's name, as the audit log says it. */
export interface AccountNotice {
  /** Of the entry of the audit log, such as `user.change_password`. */
  action: string;
  at: Date;
  /** From where, and with what; null when that is not known. */
  address: string | null;
  userAgent: string | null;
  /** Name of the key or device it was about; null when it was about none. */
  subjectName: string | null;
  userId: string;
  email: string;
  /** Workspace in whose inbox its owner sees it: the one it was about, else the one joined first; null for none. */
  workspaceId: string | null;
}

/** What people are to be told of their accounts. */
export interface AccountNoticeRepository {
  /** Null when there is no such entry, or no account that is in use. */
  find(notice: { auditLogId: string; userId: string }): Promise<AccountNotice | null>;
}

/** The notices that the audit log of a database holds. */
export function accountNoticeRepository(database: Database): AccountNoticeRepository {
  const access = databaseAccess(database);
  return {
    find: async ({ auditLogId, userId }) => {
      const [row] = await access.query(
        (prisma) => prisma.$queryRaw<AccountNotice[]>`
          SELECT log.action, log.occurred_at AS at, log.ip AS address, log.user_agent AS "userAgent",
                 log.after->>'name' AS "subjectName", person.id AS "userId", person.email,
                 coalesce(log.workspace_id, (
                   SELECT workspace_id FROM workspace_members WHERE user_id = person.id
                    ORDER BY created_at, id LIMIT 1)) AS "workspaceId"
            FROM audit_logs AS log JOIN users AS person ON person.id = ${userId}::uuid
           WHERE log.id = ${auditLogId}::uuid AND person.state <> 'disabled'`,
      );
      if (!row) return null;
      const text = (stored: string | null): string | null =>
        stored === null ? null : fromPostgresText(stored);
      return { ...row, userAgent: text(row.userAgent), subjectName: text(row.subjectName) };
    },
  };
}

import type { TokenKind } from '@cookie-scanner/contracts';
import { databaseAccess, type Database } from './open-database.ts';

/** A mail with a link that opens an account or lets its owner choose a new password. */
export interface AccountMail {
  /** Of the row of its token. */
  id: string;
  kind: Extract<TokenKind, 'invitation' | 'password_reset'>;
  tokenHash: string;
  email: string;
  name: string;
  expiresAt: Date;
  /** False once the token was used, replaced or is too old: then the mail would only confuse. */
  isOpen: boolean;
  isMailed: boolean;
  /** Of an invitation: where to, and by whom; null where that is not known any more. */
  workspaceName: string | null;
  invitedBy: string | null;
}

/** Mails about accounts, for whoever sends them. */
export interface AccountMailRepository {
  /** Null when there is no such token. */
  find(userTokenId: string): Promise<AccountMail | null>;
  /** Notes that the mail went out. */
  markMailed(userTokenId: string): Promise<void>;
}

/** The mails that the tokens kept in a database ask for. */
export function accountMailRepository(database: Database): AccountMailRepository {
  const access = databaseAccess(database);
  return {
    find: async (userTokenId) => {
      const rows = await access.query(
        (prisma) => prisma.$queryRaw<AccountMail[]>`
          SELECT token.id, token.kind, token.token_hash AS "tokenHash", person.email, person.display_name AS name,
                 token.expires_at AS "expiresAt", token.mailed_at IS NOT NULL AS "isMailed",
                 token.used_at IS NULL AND token.expires_at > now() AND person.state <> 'disabled' AS "isOpen",
                 place.name AS "workspaceName", place."invitedBy"
            FROM user_tokens AS token
            JOIN users AS person ON person.id = token.user_id
            LEFT JOIN LATERAL (
              SELECT workspaces.name, inviter.email AS "invitedBy"
                FROM workspace_members AS member
                JOIN workspaces ON workspaces.id = member.workspace_id
                LEFT JOIN users AS inviter ON inviter.id = member.invited_by
               WHERE member.user_id = person.id AND token.kind = 'invitation'
               ORDER BY member.updated_at DESC LIMIT 1) AS place ON true
           WHERE token.id = ${userTokenId}::uuid AND token.kind IN ('invitation', 'password_reset')`,
      );
      return rows[0] ?? null;
    },
    markMailed: async (userTokenId) => {
      await access.query(
        (prisma) => prisma.$executeRaw`
          UPDATE user_tokens SET mailed_at = now() WHERE id = ${userTokenId}::uuid AND mailed_at IS NULL`,
      );
    },
  };
}

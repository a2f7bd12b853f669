import type { ApiKeyScope, UserRole, UserState } from '@cookie-scanner/contracts';
import { databaseAccess, type Database } from './open-database.ts';

/** The role of somebody in one workspace. */
interface StoredMembership {
  workspaceId: string;
  role: UserRole;
}

/** What somebody who signed in may be at this moment. */
export interface SessionAccess {
  userId: string;
  email: string;
  state: UserState;
  tokenVersion: number;
  /** Whether the session goes on. */
  isOpen: boolean;
  /** Roles on the platform. */
  roles: UserRole[];
  /** The workspace joined first first. */
  memberships: StoredMembership[];
}

/** What an API key may be used for at this moment. */
export interface KeyAccess {
  id: string;
  name: string;
  keyHash: string;
  scopes: ApiKeyScope[];
  workspaceId: string;
  userId: string;
  /** Of the key's creator. */
  userState: UserState;
  /** Role of the creator in the workspace of the key; null when they are no member any more. */
  role: UserRole | null;
  callerNetworks: string[];
  rateLimitPerMinute: number | null;
  isExpired: boolean;
  isRevoked: boolean;
}

/** What tokens and keys stand for: asked with every request, so in one query each. */
export interface AccessRepository {
  /** Null when there is no such session. */
  ofSession(sessionId: string): Promise<SessionAccess | null>;
  /** Several sessions in one query, by their ids; those that do not exist are left out. */
  ofSessions(sessionIds: readonly string[]): Promise<Map<string, SessionAccess>>;
  /** Null when there is no key with this prefix. */
  ofKey(prefix: string): Promise<KeyAccess | null>;
  /** Notes that a key was used; at most once a minute. */
  noteKeyUse(keyId: string): Promise<void>;
}

/** The rights kept in a database. */
export function accessRepository(database: Database): AccessRepository {
  const access = databaseAccess(database);
  async function ofSessions(sessionIds: readonly string[]): Promise<Map<string, SessionAccess>> {
    const rows = await access.query(
      (prisma) => prisma.$queryRaw<(SessionAccess & { sessionId: string })[]>`
        SELECT session.id AS "sessionId", person.id AS "userId", person.email, person.state,
               person.token_version AS "tokenVersion",
               session.ended_at IS NULL AND session.expires_at > now() AS "isOpen",
               ARRAY(SELECT role.name::text FROM user_roles JOIN roles AS role ON role.id = user_roles.role_id
                      WHERE user_roles.user_id = person.id ORDER BY role.name) AS roles,
               coalesce((
                 SELECT jsonb_agg(jsonb_build_object('workspaceId', workspace_id, 'role', role)
                          ORDER BY created_at, workspace_id)
                   FROM workspace_members WHERE user_id = person.id), '[]') AS memberships
          FROM refresh_sessions AS session JOIN users AS person ON person.id = session.user_id
         WHERE session.id = ANY(${sessionIds}::uuid[])`,
    );
    return new Map(rows.map(({ sessionId, ...session }) => [sessionId, session]));
  }

  return {
    ofSession: async (sessionId) => (await ofSessions([sessionId])).get(sessionId) ?? null,
    ofSessions,
    ofKey: async (prefix) => {
      const rows = await access.query(
        (prisma) => prisma.$queryRaw<KeyAccess[]>`
          SELECT key.id, key.name, key.key_hash AS "keyHash", key.scopes, key.workspace_id AS "workspaceId",
                 key.user_id AS "userId", person.state AS "userState", member.role,
                 key.caller_networks AS "callerNetworks", key.rate_limit_per_minute AS "rateLimitPerMinute",
                 coalesce(key.expires_at <= now(), false) AS "isExpired", key.revoked_at IS NOT NULL AS "isRevoked"
            FROM api_keys AS key
            JOIN users AS person ON person.id = key.user_id
            LEFT JOIN workspace_members AS member
              ON member.user_id = key.user_id AND member.workspace_id = key.workspace_id
           WHERE key.prefix = ${prefix}`,
      );
      return rows[0] ?? null;
    },
    noteKeyUse: async (keyId) => {
      await access.query(
        (prisma) => prisma.$executeRaw`
          UPDATE api_keys SET last_used_at = now()
           WHERE id = ${keyId}::uuid AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`,
      );
    },
  };
}

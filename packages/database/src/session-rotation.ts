import type { AuditActor } from './audit-actor.ts';
import { auditAndTell } from './account-notice.ts';
import type { Prisma } from './generated/client.ts';
import type { DatabaseAccess } from './open-database.ts';

/** A refresh token that somebody presents, and its successor. */
export interface RotationRequest {
  sessionId: string;
  /** How often the session was refreshed before this token was given out. */
  rotation: number;
  tokenHash: string;
  successorHash: string;
  /** Seconds without use after which a session ends. */
  idleSeconds: number;
  /** Seconds in which the token just replaced may come back: an answer was lost, or two tabs refreshed at once. */
  graceSeconds: number;
}

/**
 * What became of it: `rotated`, also for a token just replaced, whose successor is the same; `reused` when an old token
 * came back and the session ended for it; `over` when the session ended before, or there is none.
 */
export type Rotation =
  | { readonly kind: 'rotated'; readonly userId: string; readonly tokenVersion: number }
  | { readonly kind: 'reused'; readonly userId: string }
  | { readonly kind: 'over' };

interface SessionState {
  user_id: string;
  user_state: string;
  token_version: number;
  token_hash: string;
  previous_token_hash: string | null;
  is_alive: boolean;
  is_in_grace: boolean;
}

/** Puts the successor in the place of a refresh token. Those who present the same token at once take turns. */
export async function rotateSession(
  access: DatabaseAccess,
  request: RotationRequest,
  by: AuditActor,
): Promise<Rotation> {
  return access.transaction(async (tx) => {
    const session = await lockSession(tx, request);
    if (!session?.is_alive || session.user_state !== 'active') return { kind: 'over' };
    const { user_id: userId, token_version: tokenVersion } = session;
    if (session.token_hash === request.tokenHash) {
      await tx.refreshSession.update({
        where: { id: request.sessionId },
        data: {
          tokenHash: request.successorHash,
          previousTokenHash: request.tokenHash,
          rotation: request.rotation + 1,
          lastUsedAt: new Date(),
        },
      });
      return { kind: 'rotated', userId, tokenVersion };
    }
    if (session.previous_token_hash === request.tokenHash && session.is_in_grace) {
      return { kind: 'rotated', userId, tokenVersion };
    }
    await endForReuse(tx, request.sessionId, userId, by);
    return { kind: 'reused', userId };
  });
}

async function lockSession(
  tx: Prisma.TransactionClient,
  { sessionId, idleSeconds, graceSeconds }: RotationRequest,
): Promise<SessionState | null> {
  // clock_timestamp, because now() is when this transaction began, which may be before the one it waited for ended.
  const rows = await tx.$queryRaw<SessionState[]>`
    SELECT session.user_id, person.state::text AS user_state, person.token_version, session.token_hash,
           session.previous_token_hash,
           session.ended_at IS NULL AND session.expires_at > clock_timestamp()
             AND session.last_used_at + make_interval(secs => ${idleSeconds}) > clock_timestamp() AS is_alive,
           session.last_used_at + make_interval(secs => ${graceSeconds}) > clock_timestamp() AS is_in_grace
      FROM refresh_sessions AS session JOIN users AS person ON person.id = session.user_id
     WHERE session.id = ${sessionId}::uuid FOR UPDATE OF session`;
  return rows[0] ?? null;
}

/** Two have a copy of one token, and nobody can tell which of them is its owner. */
async function endForReuse(
  tx: Prisma.TransactionClient,
  sessionId: string,
  userId: string,
  by: AuditActor,
): Promise<void> {
  await tx.refreshSession.update({
    where: { id: sessionId },
    data: { endedAt: new Date(), endReason: 'reuse_detected' },
  });
  await auditAndTell(tx, userId, {
    ...by,
    action: 'session.end',
    outcome: 'refused',
    targetType: 'session',
    targetId: sessionId,
    after: { userId, reason: 'reuse_detected' },
  });
}

import type { Session, SessionEndReason } from '@cookie-scanner/contracts';
import type { AuditActor } from './audit-actor.ts';
import { writeAudit } from './audit.repository.ts';
import { databaseAccess, type Database, type DatabaseAccess } from './open-database.ts';
import { endSessionsOf } from './session-end.ts';
import { rotateSession, type Rotation, type RotationRequest } from './session-rotation.ts';

/** A session to begin. The token itself is told to its owner alone. */
export interface NewSession {
  id: string;
  userId: string;
  tokenHash: string;
  lifetimeSeconds: number;
  ip: string | null;
  userAgent: string | null;
}

/** Where people are signed in; refresh tokens keep a session alive. Only the newest two hashes of them are kept. */
export interface SessionRepository {
  /** Begins a session. */
  begin(session: NewSession, by: AuditActor): Promise<void>;
  /** Takes a refresh token and puts its successor in its place; an old one that comes back ends the session. */
  rotate(request: RotationRequest, by: AuditActor): Promise<Rotation>;
  /** The sessions of somebody that have not ended, the one used last first. */
  listOf(userId: string, currentSessionId: string | null): Promise<Session[]>;
  /** Ends one session of somebody, or of whoever it is; false when there is none of that id, or it ended before. */
  end(
    session: { id: string; userId: string | null },
    reason: SessionEndReason,
    by: AuditActor,
  ): Promise<boolean>;
  /** Ends all sessions of somebody but one; returns how many. */
  endAll(
    userId: string,
    options: { keepSessionId: string | null; reason: SessionEndReason; by: AuditActor },
  ): Promise<number>;
}

export type { Rotation } from './session-rotation.ts';

/** Most sessions in one list; older ones end by themselves. */
const LISTED_MAX = 200;
const USER_AGENT_LENGTH_MAX = 1_024;

/** The sessions kept in a database. */
export function sessionRepository(database: Database): SessionRepository {
  const access = databaseAccess(database);
  return {
    begin: (session, by) => beginSession(access, session, by),
    rotate: (request, by) => rotateSession(access, request, by),
    listOf: (userId, currentSessionId) => listSessions(access, userId, currentSessionId),
    end: ({ id, userId }, reason, by) =>
      access.transaction(async (tx) => {
        const [ended] = await tx.refreshSession.updateManyAndReturn({
          where: { id, endedAt: null, ...(userId === null ? {} : { userId }) },
          data: { endedAt: new Date(), endReason: reason },
          select: { userId: true },
        });
        if (!ended) return false;
        const target = { targetType: 'session', targetId: id };
        const after = { userId: ended.userId, reason };
        await writeAudit(tx, { ...by, action: 'session.end', ...target, after });
        return true;
      }),
    endAll: (userId, { keepSessionId, reason, by }) =>
      access.transaction(async (tx) => {
        const count = await endSessionsOf(tx, userId, reason, keepSessionId);
        const target = { targetType: 'user', targetId: userId };
        await writeAudit(tx, { ...by, action: 'session.end_all', ...target, after: { count, reason } });
        return count;
      }),
  };
}

async function beginSession(
  access: DatabaseAccess,
  { lifetimeSeconds, userAgent, ...session }: NewSession,
  by: AuditActor,
): Promise<void> {
  await access.transaction(async (tx) => {
    await tx.refreshSession.create({
      data: {
        ...session,
        userAgent: userAgent?.slice(0, USER_AGENT_LENGTH_MAX).toWellFormed() ?? null,
        expiresAt: new Date(Date.now() + lifetimeSeconds * 1_000),
      },
    });
    const target = { targetType: 'session', targetId: session.id };
    await writeAudit(tx, { ...by, action: 'session.begin', ...target });
  });
}

async function listSessions(
  access: DatabaseAccess,
  userId: string,
  currentSessionId: string | null,
): Promise<Session[]> {
  const rows = await access.query((prisma) =>
    prisma.refreshSession.findMany({
      where: { userId, endedAt: null, expiresAt: { gt: new Date() } },
      orderBy: [{ lastUsedAt: 'desc' }, { id: 'asc' }],
      take: LISTED_MAX,
    }),
  );
  return rows.map((row) => ({
    id: row.id,
    userId: row.userId,
    isCurrent: row.id === currentSessionId,
    address: row.ip,
    userAgent: row.userAgent,
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
    endReason: row.endReason,
  }));
}

import type { Passkey } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import type { AuditActor } from './audit-actor.ts';
import { auditAndTell } from './account-notice.ts';
import type { Prisma } from './generated/client.ts';
import { databaseAccess, type Database, type DatabaseAccess } from './open-database.ts';

/** Most keys of one account. */
const PASSKEYS_MAX = 20;

/** A key to add to an account. */
interface NewPasskey {
  userId: string;
  name: string;
  credentialId: string;
  publicKey: Uint8Array;
  counter: number;
  transports: readonly string[];
  isBackedUp: boolean;
  /** Of the challenge that it answered. */
  challengedAt: Date;
}

/** A key with what its signatures are checked against. */
interface StoredPasskey {
  id: string;
  userId: string;
  credentialId: string;
  publicKey: Uint8Array;
  counter: number;
}

/** The keys that people sign in with. Every change is recorded in the audit log, in the transaction that makes it. */
export interface PasskeyRepository {
  /** @throws AppError CONFLICT for a key that is known, and beyond 20 of one account */
  add(passkey: NewPasskey, by: AuditActor): Promise<Passkey>;
  /** The oldest first. */
  listOf(userId: string): Promise<Passkey[]>;
  /** Ids of the credentials of somebody, so that no device makes a second one. */
  credentialIdsOf(userId: string): Promise<string[]>;
  /** Null when there is no such key. */
  findByCredential(credentialId: string): Promise<StoredPasskey | null>;
  /**
   * Notes that a key was used; false when it answered this challenge, or a newer one, before. Of several who bring the same
   * answer, one is right.
   */
  noteUse(id: string, use: { counter: number; isBackedUp: boolean; challengedAt: Date }): Promise<boolean>;
  /** False when the account has no such key. */
  remove(passkey: { id: string; userId: string }, by: AuditActor): Promise<boolean>;
}

/** The keys kept in a database. */
export function passkeyRepository(database: Database): PasskeyRepository {
  const access = databaseAccess(database);
  return {
    add: (passkey, by) => addPasskey(access, passkey, by),
    listOf: async (userId) => {
      const rows = await access.query((prisma) =>
        prisma.passkey.findMany({ where: { userId }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] }),
      );
      return rows.map(fromRow);
    },
    credentialIdsOf: async (userId) => {
      const rows = await access.query((prisma) =>
        prisma.passkey.findMany({ where: { userId }, select: { credentialId: true } }),
      );
      return rows.map(({ credentialId }) => credentialId);
    },
    findByCredential: async (credentialId) => {
      const row = await access.query((prisma) => prisma.passkey.findUnique({ where: { credentialId } }));
      if (!row) return null;
      const { id, userId, publicKey, counter } = row;
      return { id, userId, credentialId, publicKey, counter: Number(counter) };
    },
    noteUse: async (id, { counter, isBackedUp, challengedAt }) => {
      const { count } = await access.query((prisma) =>
        prisma.passkey.updateMany({
          where: { id, challengedAt: { lt: challengedAt } },
          data: { counter, isBackedUp, challengedAt, lastUsedAt: new Date() },
        }),
      );
      return count === 1;
    },
    remove: ({ id, userId }, by) =>
      access.transaction(async (tx) => {
        const row = await tx.passkey.findFirst({ where: { id, userId } });
        if (!row) return false;
        await tx.passkey.delete({ where: { id } });
        await audit(tx, 'passkey.remove', by, row);
        return true;
      }),
  };
}

function addPasskey(
  access: DatabaseAccess,
  { publicKey, transports, ...passkey }: NewPasskey,
  by: AuditActor,
): Promise<Passkey> {
  const { userId } = passkey;
  return access.transaction(async (tx) => {
    await tx.$executeRaw`SELECT FROM users WHERE id = ${userId}::uuid FOR NO KEY UPDATE`;
    if ((await tx.passkey.count({ where: { userId } })) >= PASSKEYS_MAX) {
      throw new AppError('CONFLICT', `An account has at most ${PASSKEYS_MAX} passkeys.`);
    }
    const row = await tx.passkey.create({
      data: { ...passkey, publicKey: Uint8Array.from(publicKey), transports: [...transports] },
    });
    await audit(tx, 'passkey.add', by, row);
    return fromRow(row);
  });
}

type PasskeyRow = Prisma.PasskeyGetPayload<object>;

async function audit(
  tx: Prisma.TransactionClient,
  action: string,
  by: AuditActor,
  { id, userId, name }: PasskeyRow,
): Promise<void> {
  await auditAndTell(tx, userId, {
    ...by,
    action,
    targetType: 'passkey',
    targetId: id,
    after: { userId, name },
  });
}

function fromRow({ id, name, isBackedUp, lastUsedAt, createdAt }: PasskeyRow): Passkey {
  return {
    ...{ id, name, isBackedUp },
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  };
}

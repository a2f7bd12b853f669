import type { AuditActor } from './audit-actor.ts';
import { auditAndTell } from './account-notice.ts';
import { databaseAccess, type Database } from './open-database.ts';
import { endSessionsOf } from './session-end.ts';

/** The second factors of accounts. Each code works once, however many try it at the same time. */
export interface SecondFactorRepository {
  /** Keeps the encrypted secret of an app that is being enrolled. False when there is a second factor already. */
  enrol(userId: string, secretSealed: Uint8Array): Promise<boolean>;
  /** Asks for the second factor from now on, and ends every session but one. False when none was enrolled. */
  enable(
    userId: string,
    factor: { step: number; recoveryCodeHashes: readonly string[]; keepSessionId: string; by: AuditActor },
  ): Promise<boolean>;
  /** Takes the second factor away, and ends every session but one. False when there was none. */
  disable(userId: string, options: { keepSessionId: string | null; by: AuditActor }): Promise<boolean>;
  /** Puts new recovery codes in the place of the old. False when there is no second factor. */
  replaceRecoveryCodes(userId: string, hashes: readonly string[], by: AuditActor): Promise<boolean>;
  /** Uses up a time step and all before it; false when it was used up already. */
  useStep(userId: string, step: number): Promise<boolean>;
  /** Uses up a recovery code; false when there is no such code. */
  useRecoveryCode(userId: string, hash: string, by: AuditActor): Promise<boolean>;
}

/** The second factors kept in a database. */
export function secondFactorRepository(database: Database): SecondFactorRepository {
  const access = databaseAccess(database);
  return {
    enrol: async (userId, secretSealed) => {
      const { count } = await access.query((prisma) =>
        prisma.user.updateMany({
          where: { id: userId, mfaEnabledAt: null },
          data: { totpSecretEncrypted: Uint8Array.from(secretSealed), totpLastStep: null },
        }),
      );
      return count === 1;
    },
    enable: (userId, { step, recoveryCodeHashes, keepSessionId, by }) =>
      access.transaction(async (tx) => {
        const { count } = await tx.user.updateMany({
          where: { id: userId, mfaEnabledAt: null, totpSecretEncrypted: { not: null } },
          data: { mfaEnabledAt: new Date(), totpLastStep: step, recoveryCodeHashes: [...recoveryCodeHashes] },
        });
        if (count === 0) return false;
        await endSessionsOf(tx, userId, 'mfa_changed', keepSessionId);
        await auditAndTell(tx, userId, { ...by, action: 'mfa.enable', targetType: 'user', targetId: userId });
        return true;
      }),
    disable: (userId, { keepSessionId, by }) =>
      access.transaction(async (tx) => {
        const { count } = await tx.user.updateMany({
          where: { id: userId, mfaEnabledAt: { not: null } },
          data: { mfaEnabledAt: null, totpSecretEncrypted: null, totpLastStep: null, recoveryCodeHashes: [] },
        });
        if (count === 0) return false;
        await endSessionsOf(tx, userId, 'mfa_changed', keepSessionId);
        await auditAndTell(tx, userId, {
          ...by,
          action: 'mfa.disable',
          targetType: 'user',
          targetId: userId,
        });
        return true;
      }),
    replaceRecoveryCodes: (userId, hashes, by) =>
      access.transaction(async (tx) => {
        const { count } = await tx.user.updateMany({
          where: { id: userId, mfaEnabledAt: { not: null } },
          data: { recoveryCodeHashes: [...hashes] },
        });
        if (count === 0) return false;
        const target = { targetType: 'user', targetId: userId };
        await auditAndTell(tx, userId, { ...by, action: 'mfa.replace_recovery_codes', ...target });
        return true;
      }),
    useStep: async (userId, step) => {
      const { count } = await access.query((prisma) =>
        prisma.user.updateMany({
          where: { id: userId, OR: [{ totpLastStep: null }, { totpLastStep: { lt: step } }] },
          data: { totpLastStep: step },
        }),
      );
      return count === 1;
    },
    useRecoveryCode: (userId, hash, by) =>
      access.transaction(async (tx) => {
        const count = await tx.$executeRaw`
          UPDATE users SET recovery_code_hashes = array_remove(recovery_code_hashes, ${hash})
           WHERE id = ${userId}::uuid AND ${hash} = ANY (recovery_code_hashes)`;
        if (count === 0) return false;
        const target = { targetType: 'user', targetId: userId };
        await auditAndTell(tx, userId, { ...by, action: 'mfa.use_recovery_code', ...target });
        return true;
      }),
  };
}

import {
  anchorJudge,
  auditSigner,
  verifyAudit,
  type AuditVerdict,
  type ChainVerdict,
  type Database,
} from '@cookie-scanner/database';
import { AppError } from '@cookie-scanner/errors';
import { auditSigningKeyOf } from '../auth-keys.ts';
import { readAnchors } from './anchor-file.ts';

interface CheckAuditOptions {
  /** AUTH_ENCRYPTION_KEY, whose half checks what the platform signed; null for those who only have public keys. */
  readonly encryptionKey: string | null;
  /** Public keys, as base64url: of those without the secret, and of installations that changed it. */
  readonly publicKeys: readonly string[];
  /** Files of anchors kept outside the database. */
  readonly anchorFiles: readonly string[];
  readonly onProgress?: (rowCount: number) => void;
}

/** What a check of the audit log came to, and the words for it. */
export interface AuditCheck {
  /** `unchecked`: nothing is wrong, but what unknown keys signed could not be checked. */
  readonly verdict: 'whole' | 'broken' | 'unchecked';
  /** Lines for people; the last one sums up. */
  readonly lines: readonly string[];
}

const REASONS: Readonly<Record<NonNullable<ChainVerdict['fault']>['reason'], string>> = {
  missing: 'is missing',
  changed: 'was changed after it was written',
  detached: 'does not belong there: what it says of the entry before it is not so',
  cut: 'is missing, and so is what followed: the end of the chain was cut off after it was signed',
  rewritten: 'is not the one that was signed: the chain was written anew',
  forged_anchor: 'has a signature that is none of ours',
};

/**
 * Checks the audit log of a database, by itself and against what was signed. Asks nobody but the database.
 *
 * @throws AppError INPUT_INVALID for a public key or a file that is none; AUDIT_UNREADABLE, DATABASE_UNAVAILABLE
 */
export async function checkAudit(database: Database, options: CheckAuditOptions): Promise<AuditCheck> {
  const { encryptionKey, publicKeys, anchorFiles, onProgress } = options;
  const notes: string[] = [];
  const own = encryptionKey === null ? [] : [auditSigner(auditSigningKeyOf(encryptionKey)).publicKey];
  const verdict = await verifyAudit(database, {
    judge: judgeOf([...own, ...publicKeys]),
    outside: anchorsOf(anchorFiles, (note) => notes.push(note)),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  if (anchorFiles.length === 0) {
    notes.push(
      'No file of anchors was given: a cut by somebody who removed the anchors in the database too would not show.',
    );
  }
  const summary = summaryOf(verdict);
  return {
    verdict: summary.verdict,
    lines: [
      ...verdict.chains.map(chainLine),
      `${verdict.anchorCount} signatures were checked${own.map((key) => `; the public key of this installation is ${key}`).join('')}.`,
      ...notes,
      summary.line,
    ],
  };
}

function judgeOf(publicKeys: readonly string[]): ReturnType<typeof anchorJudge> {
  try {
    return anchorJudge(publicKeys);
  } catch (error) {
    throw new AppError('INPUT_INVALID', 'A public key is 43 characters of base64url.', {}, { cause: error });
  }
}

async function* anchorsOf(files: readonly string[], note: (line: string) => void) {
  for (const file of files) {
    yield* readAnchors(file, (count) =>
      note(`${count} lines of ${file} are no anchors and were passed over.`),
    );
  }
}

function chainLine({ chain, rowCount, firstSequence, fault }: ChainVerdict): string {
  const name = chain === 'platform' ? 'the platform' : `workspace ${chain}`;
  if (fault) return `Chain of ${name}: BROKEN. Entry ${fault.sequence} ${REASONS[fault.reason]}.`;
  const from =
    firstSequence === 1 ? '' : `, from entry ${firstSequence} on; earlier ones were removed by age`;
  return `Chain of ${name}: ${rowCount} entries are whole${from}.`;
}

function summaryOf({ chains, unknownKeyIds }: AuditVerdict): Pick<AuditCheck, 'verdict'> & { line: string } {
  const broken = chains.filter(({ fault }) => fault !== null).length;
  if (broken > 0)
    return { verdict: 'broken', line: `The audit log is BROKEN in ${broken} of ${chains.length} chains.` };
  if (unknownKeyIds.length > 0) {
    const line = `Not everything could be checked: give the public keys of ${unknownKeyIds.join(', ')}, with which some places were signed.`;
    return { verdict: 'unchecked', line };
  }
  return {
    verdict: 'whole',
    line: chains.length === 0 ? 'The audit log is empty.' : 'The audit log is whole.',
  };
}

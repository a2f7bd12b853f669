import { appendAnchor } from '@cookie-scanner/auth';
import { auditKeptSince, removeAuditLogs, type AuditSigner, type Database } from '@cookie-scanner/database';
import type { Logger } from '@cookie-scanner/observability';
import { startPeriodicTask, type PeriodicTask } from './periodic-task.ts';

interface AuditRemoverOptions {
  readonly database: Database;
  /** Null when there is no secret of one's own to sign with; then nothing is removed. */
  readonly signer: AuditSigner | null;
  /** File that signed starts are added to; null for none. */
  readonly anchorFile: string | null;
  /** Days for which the log is kept where no workspace chose otherwise; 0 for ever. */
  readonly auditDays: number;
  readonly logger: Logger;
  /** Told how many rows went. */
  readonly onRemoved?: (count: number) => void;
  /** Pause between two rounds over all chains. */
  readonly roundMs?: number;
}

/** Each removal is an entry of the log itself, so it is not done more often. */
const ROUND_MS = 86_400_000;
/** Short, because a loop that stands still must show. */
const TURN_MS = 60_000;

/**
 * Starts to remove rows of the audit log that are older than they are kept, once a day, behind a signed start from which the
 * rest can be checked (docs/adr/0081).
 */
export function startAuditRemover(options: AuditRemoverOptions): PeriodicTask {
  const { database, signer, anchorFile, auditDays, logger, onRemoved, roundMs = ROUND_MS } = options;
  let dueAtMs = 0;
  return startPeriodicTask({
    name: 'remove what is old of the audit log',
    intervalMs: Math.min(TURN_MS, roundMs),
    logger,
    run: async () => {
      if (!signer || performance.now() < dueAtMs) return;
      const count = await removeAuditLogs(database, {
        keptSince: await auditKeptSince(database, { auditDays }),
        signer,
        keepOutside: async (anchor) => {
          if (anchorFile !== null) await appendAnchor(anchorFile, anchor);
        },
      });
      if (count > 0) {
        logger.info('removed what is old of the audit log', { rows: count });
        onRemoved?.(count);
      }
      dueAtMs = performance.now() + roundMs;
    },
  });
}

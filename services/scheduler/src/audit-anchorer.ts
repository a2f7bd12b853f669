import { appendAnchor } from '@cookie-scanner/auth';
import { anchorAuditChains, type AuditSigner, type Database } from '@cookie-scanner/database';
import type { Logger } from '@cookie-scanner/observability';
import { startPeriodicTask, type PeriodicTask } from './periodic-task.ts';

interface AuditAnchorerOptions {
  readonly database: Database;
  /** Null when there is no secret of one's own to sign with; then nothing is signed. */
  readonly signer: AuditSigner | null;
  /** File that anchors are added to; null for none. */
  readonly anchorFile: string | null;
  readonly logger: Logger;
  /** Told how many chains are not what was signed. */
  readonly onBroken?: (chainCount: number) => void;
  /** Pause between two rounds over all chains. */
  readonly roundMs?: number;
}

const ROUND_MS = 3_600_000;
/** Short, because a loop that stands still must show. */
const TURN_MS = 60_000;

/**
 * Starts to sign the newest place of every chain of the audit log, once an hour. Each is written to the file, the log and
 * the database, so that whoever changes one of them is told from the others (docs/adr/0081).
 */
export function startAuditAnchorer(options: AuditAnchorerOptions): PeriodicTask {
  const { database, signer, anchorFile, logger, onBroken = () => undefined, roundMs = ROUND_MS } = options;
  if (!signer) logger.warn('the audit log is not signed: AUTH_ENCRYPTION_KEY is not set');
  let dueAtMs = 0;
  return startPeriodicTask({
    name: 'sign the audit log',
    intervalMs: Math.min(TURN_MS, roundMs),
    logger,
    run: async () => {
      if (!signer || performance.now() < dueAtMs) return;
      let brokenCount = 0;
      await anchorAuditChains(database, {
        signer,
        keepOutside: async (anchor) => {
          if (anchorFile !== null) await appendAnchor(anchorFile, anchor);
        },
        onStep: (step) => {
          if (step.kind === 'anchored') {
            logger.info('a chain of the audit log was signed', { anchor: step.anchor });
            return;
          }
          brokenCount += 1;
          const { chain, sequence } = step;
          logger.error(
            'a chain of the audit log is BROKEN and was not signed; run: npm run audit -- verify',
            {
              chain,
              sequence,
            },
          );
        },
      });
      onBroken(brokenCount);
      dueAtMs = performance.now() + roundMs;
    },
  });
}

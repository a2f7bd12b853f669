import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Watches over a ledger from outside this process. */
export interface Guardian {
  /** Resolves when the guardian is gone. Call it after the ledger was closed. */
  dismiss(): Promise<void>;
}

/**
 * Starts the process that ends, in order, what this one recorded in its ledger, should this one die without doing so.
 *
 * @param lockPath - lock that is removed as well, when this process held it
 */
export function startGuardian(ledgerPath: string, lockPath?: string): Guardian {
  const script = fileURLToPath(new URL(`./guardian${import.meta.url.slice(-3)}`, import.meta.url));
  const args = lockPath === undefined ? [script, ledgerPath] : [script, ledgerPath, lockPath];
  const guardian = spawn(process.execPath, args, {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const gone = once(guardian, 'close');
  // It may die before its pipe is closed; then there is nobody to write to, and nothing to write.
  guardian.stdin.on('error', () => undefined);
  guardian.unref();
  return {
    async dismiss() {
      guardian.ref();
      guardian.stdin.end();
      await gone;
    },
  };
}

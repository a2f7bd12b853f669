// A small process beside every owner of programs. It waits for the owner's end, and when that came without warning
// (kill -9, a crash) it ends in order what the owner had started.
import { setTimeout as delay } from 'node:timers/promises';
import { tryLock } from '../file-lock.mjs';
import { isAlive } from '../process-identity.mjs';
import { readLedger } from './ledger.ts';
import { sweepLedger } from './sweep.ts';

const POLL_MS = 20;

const [ledgerPath, lockPath] = process.argv.slice(2);

// A signal to the whole terminal must not take away the one who tidies up.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

process.stdin.resume();
process.stdin.once('close', () => {
  void tidyUp().finally(() => process.exit());
});

async function tidyUp(): Promise<void> {
  if (ledgerPath === undefined) return;
  await untilOwnerIsGone(ledgerPath);
  await sweepLedger(ledgerPath);
  if (lockPath === undefined) return;
  // Taking a dead owner's lock and giving it back removes it; a living owner keeps its own.
  (await tryLock(lockPath))?.release();
}

/** A process that is killed loses its pipes a moment before it is gone; who looks too early finds it alive. */
async function untilOwnerIsGone(path: string): Promise<void> {
  for (let ledger = readLedger(path); ledger && isAlive(ledger.owner); ledger = readLedger(path))
    await delay(POLL_MS);
}

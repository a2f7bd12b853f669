import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../process-identity.mjs';
import { endProgram } from './end-program.ts';
import { readLedger } from './ledger.ts';

/** Leftovers have no work to finish; PostgreSQL needs a moment for its shutdown checkpoint. */
const LEFTOVER_GRACE_MS = 10_000;

/**
 * Ends what a dead owner left behind, in order, and removes its ledger. Does nothing while the owner lives.
 *
 * @returns names of the programs that were ended
 */
export async function sweepLedger(path: string): Promise<string[]> {
  const ledger = readLedger(path);
  if (ledger && isAlive(ledger.owner)) return [];

  const ended: string[] = [];
  for (const program of [...(ledger?.programs ?? [])].reverse()) {
    if (!isAlive(program.identity)) continue;
    await endProgram(program.identity, program.stopSignal, LEFTOVER_GRACE_MS);
    ended.push(program.name);
  }
  for (const folder of ledger?.folders ?? []) rmSync(folder, { recursive: true, force: true });
  rmSync(path, { force: true });
  return ended;
}

/** Sweeps every ledger of a folder. A folder that is not there holds none. */
export async function sweepLedgers(folder: string): Promise<void> {
  for (const name of ledgerNames(folder)) await sweepLedger(join(folder, name));
}

function ledgerNames(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch {
    // Nothing was ever run here.
    return [];
  }
}

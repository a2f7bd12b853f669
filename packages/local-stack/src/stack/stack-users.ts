import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identifyProcess, isAlive, type ProcessIdentity } from '../process-identity.mjs';

/**
 * Enters this process into the list of those who use a stack that another process owns.
 *
 * @returns takes it off the list again; harmless when repeated
 */
export function enterUser(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${process.pid}.json`);
  writeFileSync(path, JSON.stringify(identifyProcess(process.pid)));
  return () => rmSync(path, { force: true });
}

/** How many living processes use the stack. Entries of dead ones are removed. */
export function countUsers(folder: string): number {
  let count = 0;
  for (const name of userFiles(folder)) {
    const path = join(folder, name);
    const identity = readIdentity(path);
    if (identity && isAlive(identity)) count += 1;
    else rmSync(path, { force: true });
  }
  return count;
}

function userFiles(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch {
    // Nobody has ever shared the stack.
    return [];
  }
}

function readIdentity(path: string): ProcessIdentity | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity;
  } catch {
    // Removed in the meantime, or torn: it names nobody.
    return null;
  }
}

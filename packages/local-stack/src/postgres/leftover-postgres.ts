import { readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { identifyProcess } from '../process-identity.mjs';
import { endProgram } from '../programs/end-program.ts';
import { runCommand } from '../machine/run-command.ts';

const LEFTOVER_GRACE_MS = 20_000;

/** What PostgreSQL says about itself in its data folder while it runs. */
interface PidFile {
  readonly pid: number;
  /** Where it listens. */
  readonly port: number;
  /** `starting`, `ready`, `stopping` or `standby`. */
  readonly status: string;
}

/**
 * Reads PostgreSQL's own record of the server that uses a data folder. Null when there is none.
 *
 * @see https://www.postgresql.org/docs/18/storage-file-layout.html postmaster.pid; line 4 is the port, line 8 what pg_ctl waits for
 */
export function readPidFile(dataFolder: string): PidFile | null {
  try {
    const lines = readFileSync(pidFilePath(dataFolder), 'utf8').split('\n');
    const pid = Number(lines[0]);
    if (!Number.isInteger(pid) || pid <= 0) return null;
    return { pid, port: Number(lines[3]), status: (lines[7] ?? '').trim() };
  } catch {
    // No server has used the folder since the last orderly stop.
    return null;
  }
}

/**
 * Clears the way for a new server: ends one that a dead owner left running on this data folder, and removes the
 * record of one that was killed. PostgreSQL itself only compares numbers, and refuses to start when another program
 * was given the number since.
 */
export async function clearLeftoverPostgres(dataFolder: string): Promise<void> {
  const record = readPidFile(dataFolder);
  if (!record) return;
  const identity = identifyProcess(record.pid);
  if (identity && (await isServerOf(record.pid, dataFolder))) {
    await endProgram(identity, 'SIGINT', LEFTOVER_GRACE_MS);
  }
  rmSync(pidFilePath(dataFolder), { force: true });
}

async function isServerOf(pid: number, dataFolder: string): Promise<boolean> {
  const { output } = await runCommand('ps', ['-o', 'args=', '-p', String(pid)]);
  return output.includes('postgres') && output.includes(resolve(dataFolder));
}

function pidFilePath(dataFolder: string): string {
  return join(dataFolder, 'postmaster.pid');
}

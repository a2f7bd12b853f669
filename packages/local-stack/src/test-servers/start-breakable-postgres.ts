import { chmodSync, mkdtempSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runCommand } from '../machine/run-command.ts';
import { startPostgres } from '../postgres/start-postgres.ts';
import { openLedger } from '../programs/ledger.ts';
import { startGuardian } from '../programs/start-guardian.ts';

/** How a PostgreSQL ends: orderly, at once without a checkpoint, or with all its processes as when the power fails. */
export type PostgresEnd = 'fast' | 'immediate' | 'power-cut';

/** A PostgreSQL of its own, as safe against power cuts as in production, for tests that take it away. */
export interface BreakablePostgres {
  /** A superuser's; another port after every start. */
  url(): string;
  end(how: PostgresEnd): Promise<void>;
  /** Starts it again on what is on disk. */
  start(): Promise<void>;
  /** Copies its files, while it is down. */
  backUp(): Promise<void>;
  /** Throws its files away, while it is down, and puts the last copy in their place. */
  restore(): Promise<void>;
  /** Ends it and deletes its files. */
  close(): Promise<void>;
}

interface Options {
  /** The checkout. */
  readonly rootDir: string;
}

/**
 * Starts one on a free port. It ends with this process, whatever becomes of that.
 *
 * @throws AppError MACHINE_NOT_READY, STACK_FAILED, DISK_NOT_WRITABLE
 */
export async function startBreakablePostgres({ rootDir }: Options): Promise<BreakablePostgres> {
  const dataDir = join(rootDir, '.cookie-scanner');
  const ledger = openLedger(join(dataDir, 'test-runs', `${process.pid}-breakable.json`));
  const guardian = startGuardian(ledger.path);
  const folder = mkdtempSync(join(tmpdir(), 'breakable-postgres-'));
  ledger.addFolder(folder);
  // The account that PostgreSQL runs as must get through.
  chmodSync(folder, 0o711);
  const startServer = () =>
    startPostgres({
      folder: join(folder, 'postgres'),
      logPath: join(dataDir, 'logs', 'tests', 'breakable-postgresql.log'),
      isEphemeral: false,
      ledger,
      announce: () => undefined,
      signal: new AbortController().signal,
    });
  let server = await startServer().catch(async (error: unknown) => {
    ledger.close();
    await guardian.dismiss();
    throw error;
  });
  const { dataFolder } = server;
  const copy = join(dirname(dataFolder), 'data.copy');

  return {
    url: () => server.url,
    async end(how) {
      const { program } = server;
      if (how === 'fast') return program.stop();
      if (how === 'immediate') process.kill(program.pid, 'SIGQUIT');
      else for (const pid of [program.pid, ...(await childrenOf(program.pid))]) killIfThere(pid);
      await program.ended;
    },
    async start() {
      server = await startServer();
    },
    backUp: () => replaceFolder(copy, dataFolder),
    restore: () => replaceFolder(dataFolder, copy),
    async close() {
      await server.program.stop();
      ledger.close();
      await guardian.dismiss();
    },
  };
}

/** With owners and times, as the account of PostgreSQL needs them. */
async function replaceFolder(to: string, from: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  const { exitCode, output } = await runCommand('cp', ['-a', from, to]);
  if (exitCode !== 0) throw new Error(`cannot copy ${from}: ${output}`);
}

async function childrenOf(parent: number): Promise<number[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0);
  const parents = await Promise.all(pids.map(parentOf));
  return pids.filter((_, index) => parents[index] === parent);
}

/** Null for a process that is gone. */
async function parentOf(pid: number): Promise<number | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return stat === null ? null : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended when its parent did.
  }
}

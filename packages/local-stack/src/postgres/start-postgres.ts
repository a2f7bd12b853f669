import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '@cookie-scanner/errors';
import type { Announce } from '../announce.ts';
import { diskFault } from '../machine/disk-fault.ts';
import { freePort } from '../machine/ports.ts';
import type { Ledger } from '../programs/ledger.ts';
import { startProgram, type Program } from '../programs/start-program.ts';
import type { StartedServer } from '../programs/started-server.ts';
import { initialisePostgres, POSTGRES_USER, type PostgresCluster } from './initialise-postgres.ts';
import { clearLeftoverPostgres, readPidFile } from './leftover-postgres.ts';
import { preparePostgresHome, type PostgresHome } from './postgres-home.ts';

const DATABASE_NAME = 'cookie_scanner';
const CONNECTIONS_MAX = 300;
const START_ATTEMPTS_MAX = 5;
const POLL_MS = 20;
/** Recovery after a power cut reads back everything since the last checkpoint. */
const READY_TIMEOUT_MS = 120_000;
const STOP_GRACE_MS = 15_000;

/** Faults that another try cures: somebody took the port, or a killed server's processes have not all ended. */
const PASSING_FAULT = /could not bind|Address already in use|pre-existing shared memory block/;

/** A database that is thrown away needs none of what protects it from a power cut. */
const EPHEMERAL_SETTINGS = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

/** A running PostgreSQL. */
interface StartedPostgres extends StartedServer {
  /** Where its files are. */
  readonly dataFolder: string;
}

interface StartPostgresOptions {
  /** Where the data should live; kept from run to run unless ephemeral. */
  readonly folder: string;
  readonly logPath: string;
  readonly isEphemeral: boolean;
  readonly ledger: Ledger;
  readonly announce: Announce;
  readonly signal: AbortSignal;
}

/**
 * Starts the embedded PostgreSQL on a free port of loopback, with a password of its own, making the database at the
 * first time and recovering from a server that was killed. Resolves when it takes connections.
 *
 * @throws AppError STACK_FAILED, MACHINE_NOT_READY, DISK_NOT_WRITABLE
 */
export async function startPostgres(options: StartPostgresOptions): Promise<StartedPostgres> {
  const home = await preparePostgresHome(options.folder, options.announce);
  const cluster = await initialisePostgres(home, DATABASE_NAME, options.isEphemeral);
  for (let attempt = 1; ; attempt += 1) {
    options.signal.throwIfAborted();
    await clearLeftoverPostgres(cluster.dataFolder);
    const port = await freePort();
    const program = await spawnServer(home, cluster, port, options);
    const isReady = await waitUntilReady(program, cluster.dataFolder, options.signal);
    if (isReady) return { url: urlOf(cluster, port), program, dataFolder: cluster.dataFolder };
    const words = program.logTail();
    await program.stop();
    options.signal.throwIfAborted();
    if (attempt === START_ATTEMPTS_MAX || !PASSING_FAULT.test(words)) throw startFault(program, words);
  }
}

/** Where the embedded PostgreSQL is that another process of this checkout runs; null when none takes connections. */
export async function runningPostgresUrl(folder: string, announce: Announce): Promise<string | null> {
  const home = await preparePostgresHome(folder, announce);
  if (!existsSync(join(home.folder, 'data', 'PG_VERSION'))) return null;
  const cluster = await initialisePostgres(home, DATABASE_NAME, false);
  const record = readPidFile(cluster.dataFolder);
  return record?.status === 'ready' ? urlOf(cluster, record.port) : null;
}

function urlOf({ password }: PostgresCluster, port: number): string {
  return `postgresql://${POSTGRES_USER}:${password}@127.0.0.1:${port}/${DATABASE_NAME}`;
}

async function spawnServer(
  home: PostgresHome,
  { dataFolder }: PostgresCluster,
  port: number,
  { logPath, isEphemeral, ledger }: StartPostgresOptions,
): Promise<Program> {
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    `max_connections=${CONNECTIONS_MAX}`,
    ...(isEphemeral ? EPHEMERAL_SETTINGS : []),
  ];
  return startProgram({
    name: 'postgresql',
    command: join(home.binaries.folder, 'bin', 'postgres'),
    args: ['-D', dataFolder, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    cwd: home.folder,
    env: { ...process.env, LC_ALL: 'C' },
    logPath,
    account: home.account,
    // Fast shutdown: sessions are ended, nothing is lost.
    stopSignal: 'SIGINT',
    graceMs: STOP_GRACE_MS,
    ledger,
  });
}

async function waitUntilReady(program: Program, dataFolder: string, signal: AbortSignal): Promise<boolean> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (program.isAlive() && performance.now() < deadline && !signal.aborted) {
    const record = readPidFile(dataFolder);
    if (record?.pid === program.pid && record.status === 'ready') return true;
    await delay(POLL_MS);
  }
  return false;
}

function startFault(program: Program, words: string): AppError {
  const reason = /FATAL: {2}(.*)/.exec(words)?.[1] ?? 'it gave no reason';
  const message = `PostgreSQL did not start (${reason}); ${program.logPath} says more.`;
  return diskFault(null, words) ?? new AppError('STACK_FAILED', message);
}

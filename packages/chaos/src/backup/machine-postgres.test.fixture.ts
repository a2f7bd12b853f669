import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where Debian and its kin keep the programs of each version. */
const VERSIONS_FOLDER = '/usr/lib/postgresql';
const PROGRAMS = ['initdb', 'postgres', 'pg_dump', 'pg_restore', 'psql'];
const READY_TIMEOUT_MS = 120_000;

/** A PostgreSQL of this machine, with all its programs. The one that npm installs cannot be backed up: it has no `pg_dump`. */
export interface MachinePostgres {
  /** URL of a database for a role; the superuser is `postgres`. */
  url(role: string, database: string): string;
  /** Runs SQL as the superuser or as somebody else, and returns its rows. */
  sql<TRow>(text: string, url?: string): Promise<TRow[]>;
  /** Runs `pg_dump` or `pg_restore`. */
  runTool(name: 'pg_dump' | 'pg_restore', args: readonly string[]): Promise<void>;
  /** Runs statements that return nothing. */
  execute(text: string, url?: string): Promise<void>;
  close(): Promise<void>;
}

/** The folder of the newest PostgreSQL of this machine that has every program; null where none has. */
export function findPostgresPrograms(): string | null {
  if (!existsSync(VERSIONS_FOLDER)) return null;
  const folders = readdirSync(VERSIONS_FOLDER)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(VERSIONS_FOLDER, version, 'bin'));
  return folders.find((folder) => PROGRAMS.every((name) => existsSync(join(folder, name)))) ?? null;
}

/** Starts a server with an empty cluster, on a free port of loopback. */
export async function startMachinePostgres(programs: string): Promise<MachinePostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'machine-postgres-'));
  const account = accountForPostgres();
  if (account) chownSync(folder, account.uid, account.gid);
  chmodSync(folder, 0o700);
  const data = join(folder, 'data');
  await run(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'postgres', '--auth=trust', '-E', 'UTF8', '--locale=C', '-N'],
    {
      ...account,
      cwd: folder,
    },
  );
  const port = await freePort();
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'fsync=off',
    'max_connections=200',
  ];
  const server = spawn(
    join(programs, 'postgres'),
    ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    { ...account, cwd: folder, stdio: 'ignore' },
  );
  const ended = once(server, 'exit');
  const url = (role: string, database: string): string =>
    `postgresql://${role}@127.0.0.1:${port}/${database}`;
  const psql = async (text: string, to: string): Promise<string> => {
    const { stdout } = await run(join(programs, 'psql'), [
      '-XAtq',
      '-v',
      'ON_ERROR_STOP=1',
      '-d',
      to,
      '-c',
      text,
    ]);
    return stdout;
  };
  const superuser = url('postgres', 'postgres');
  const postgres: MachinePostgres = {
    url,
    sql: async <TRow>(text: string, to = superuser) =>
      JSON.parse(await psql(`SELECT coalesce(json_agg(row), '[]') FROM (${text}) AS row`, to)) as TRow[],
    execute: async (text, to = superuser) => void (await psql(text, to)),
    runTool: async (name, args) => void (await run(join(programs, name), [...args])),
    async close() {
      server.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    await untilReady(postgres, server);
    return postgres;
  } catch (error) {
    await postgres.close();
    throw error;
  }
}

async function untilReady(postgres: MachinePostgres, server: { exitCode: number | null }): Promise<void> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (server.exitCode === null && performance.now() < deadline) {
    const isReady = await postgres.execute('SELECT 1').then(
      () => true,
      () => false,
    );
    if (isReady) return;
    await delay(50);
  }
  throw new Error('PostgreSQL did not start');
}

/** PostgreSQL refuses to run as root; whoever else we are may run it. */
function accountForPostgres(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const idOf = (option: string): number =>
    Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8' }).trim());
  return { uid: idOf('-u'), gid: idOf('-g') };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

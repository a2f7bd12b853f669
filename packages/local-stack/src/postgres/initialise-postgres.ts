import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@cookie-scanner/errors';
import { diskFault } from '../machine/disk-fault.ts';
import { runCommand } from '../machine/run-command.ts';
import type { PostgresHome } from './postgres-home.ts';

/** Name of the superuser inside PostgreSQL. */
export const POSTGRES_USER = 'postgres';

/** A database cluster on disk. */
export interface PostgresCluster {
  readonly dataFolder: string;
  readonly password: string;
}

/**
 * Makes the database cluster unless it exists. An interrupted attempt leaves nothing that looks like a cluster.
 *
 * @param databaseName - made together with the cluster
 * @param isEphemeral - leaves out what only matters when the power fails
 * @throws AppError STACK_FAILED when the data was written by another major version of PostgreSQL
 */
export async function initialisePostgres(
  home: PostgresHome,
  databaseName: string,
  isEphemeral: boolean,
): Promise<PostgresCluster> {
  const dataFolder = join(home.folder, 'data');
  const passwordPath = join(home.folder, 'password');
  if (existsSync(join(dataFolder, 'PG_VERSION'))) {
    refuseOtherVersion(home, dataFolder);
    return { dataFolder, password: readFileSync(passwordPath, 'utf8') };
  }

  const password = randomBytes(24).toString('hex');
  const draft = join(home.folder, 'data.draft');
  rmSync(draft, { recursive: true, force: true });
  await runInitdb(home, draft, password, isEphemeral);
  await createDatabase(home, draft, databaseName);
  rmSync(passwordPath, { force: true });
  writeFileSync(passwordPath, password, { mode: 0o600 });
  rmSync(dataFolder, { recursive: true, force: true });
  renameSync(draft, dataFolder);
  return { dataFolder, password };
}

async function runInitdb(
  home: PostgresHome,
  dataFolder: string,
  password: string,
  isEphemeral: boolean,
): Promise<void> {
  const passwordFile = `${dataFolder}.password`;
  rmSync(passwordFile, { force: true });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (home.account) chownSync(passwordFile, home.account.uid, home.account.gid);
  // The built-in locale sorts alike on every system, whatever locales it has.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = [`--username=${POSTGRES_USER}`, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const args = [`--pgdata=${dataFolder}`, ...locale, ...access, ...(isEphemeral ? ['--no-sync'] : [])];
  try {
    await runPostgresTool(home, 'initdb', args, '');
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** In single-user mode, which needs neither a port nor a client. */
async function createDatabase(home: PostgresHome, dataFolder: string, name: string): Promise<void> {
  await runPostgresTool(
    home,
    'postgres',
    ['--single', '-D', dataFolder, 'postgres'],
    `CREATE DATABASE ${name};\n`,
  );
}

async function runPostgresTool(
  { binaries, folder, account }: PostgresHome,
  tool: string,
  args: readonly string[],
  input: string,
): Promise<void> {
  const command = join(binaries.folder, 'bin', tool);
  const { exitCode, output } = await runCommand(command, args, {
    cwd: folder,
    account,
    input,
    env: { ...process.env, LC_ALL: 'C' },
  });
  if (exitCode === 0 && !/^.*(ERROR|FATAL):/m.test(output)) return;
  const reason = /(?:error|ERROR|FATAL): (.*)/.exec(output)?.[1] ?? output.trim().split('\n').at(-1) ?? '';
  const message = `PostgreSQL could not make its database in ${folder} (${reason}); mend that or name another server in DATABASE_URL.`;
  throw (
    diskFault(null, output) ?? new AppError('STACK_FAILED', message, { tool, output: output.slice(-4_000) })
  );
}

function refuseOtherVersion(home: PostgresHome, dataFolder: string): void {
  const found = readFileSync(join(dataFolder, 'PG_VERSION'), 'utf8').trim();
  const ours = home.binaries.version.split('.')[0];
  if (found === ours) return;
  const message = `The data in ${dataFolder} was written by PostgreSQL ${found}, and this is ${ours}; move the folder away, or name a PostgreSQL ${found} server in DATABASE_URL.`;
  throw new AppError('STACK_FAILED', message);
}

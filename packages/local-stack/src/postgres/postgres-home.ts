import { createHash } from 'node:crypto';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { canReach, createAccount, findAccount, isSuperuser, type Account } from '../machine/account.ts';
import type { Announce } from '../announce.ts';
import { findPostgresBinaries, type PostgresBinaries } from './postgres-binaries.ts';

/** Where PostgreSQL runs and as whom. */
export interface PostgresHome {
  /** Null for ourselves; PostgreSQL refuses to run as root. */
  readonly account: Account | null;
  readonly binaries: PostgresBinaries;
  /** Folder that holds `data` and the password, owned by the account or by us. */
  readonly folder: string;
}

const ACCOUNT_NAME = 'postgres';
/** Where root keeps what another account must reach, when the checkout is closed to it (as below /root). */
const SYSTEM_FOLDER = '/var/lib/cookie-scanner';
const SEARCHABLE = 0o711;

/**
 * Chooses the account and the folder, and makes both.
 *
 * As root PostgreSQL runs as `postgres`. When that account cannot reach the checkout, its data and a copy of its
 * program live below /var/lib/cookie-scanner instead.
 *
 * @param wantedFolder - where the data should live
 */
export async function preparePostgresHome(wantedFolder: string, announce: Announce): Promise<PostgresHome> {
  const binaries = findPostgresBinaries();
  if (!isSuperuser()) {
    mkdirSync(wantedFolder, { recursive: true, mode: 0o700 });
    return { account: null, binaries, folder: wantedFolder };
  }

  const account = (await findAccount(ACCOUNT_NAME)) ?? (await makeAccount(announce));
  const key = createHash('sha256').update(resolve(wantedFolder)).digest('hex').slice(0, 12);
  const folder = canReach(wantedFolder, account) ? wantedFolder : join(SYSTEM_FOLDER, key);
  if (folder !== wantedFolder) makeSystemFolder();
  if (folder !== wantedFolder && !existsSync(folder)) {
    announce(
      `Keeping the database in ${folder}, because the user ${ACCOUNT_NAME} cannot reach this checkout`,
    );
  }
  mkdirSync(folder, { recursive: true });
  // Root keeps the password in here; the account makes its data folder in here.
  chownSync(folder, account.uid, account.gid);
  chmodSync(folder, SEARCHABLE);
  return { account, binaries: reachableBinaries(binaries, account), folder };
}

async function makeAccount(announce: Announce): Promise<Account> {
  announce(`Making the user ${ACCOUNT_NAME}, because PostgreSQL does not run as root`);
  return createAccount(ACCOUNT_NAME);
}

function makeSystemFolder(): void {
  mkdirSync(SYSTEM_FOLDER, { recursive: true, mode: SEARCHABLE });
}

function reachableBinaries(binaries: PostgresBinaries, account: Account): PostgresBinaries {
  if (canReach(binaries.folder, account)) return binaries;
  const folder = join(SYSTEM_FOLDER, `postgresql-${binaries.version}`);
  if (!existsSync(folder)) {
    makeSystemFolder();
    const draft = `${folder}.${process.pid}`;
    cpSync(binaries.folder, draft, { recursive: true, verbatimSymlinks: true });
    try {
      renameSync(draft, folder);
    } catch {
      // Another run was faster, and its copy is as good.
      rmSync(draft, { recursive: true, force: true });
    }
  }
  return { ...binaries, folder };
}

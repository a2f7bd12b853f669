import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@cookie-scanner/errors';

/** The first account of a new installation, with the password to sign in with. */
export interface FirstAdmin {
  readonly email: string;
  readonly password: string;
}

/**
 * The API key of this checkout, for its commands.
 *
 * @throws AppError MACHINE_NOT_READY when it is gone
 */
export function readApiKey(dataDir: string): string {
  const key = keptApiKey(dataDir);
  if (key !== null) return key;
  throw new AppError(
    'MACHINE_NOT_READY',
    `The API key ${keyPath(dataDir)} is gone; stop the platform and start it again.`,
  );
}

/** The same; null when there is none. */
export function keptApiKey(dataDir: string): string | null {
  const path = keyPath(dataDir);
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : null;
}

/** Keeps a key, readable for its owner alone. */
export function keepApiKey(dataDir: string, key: string): void {
  const newPath = `${keyPath(dataDir)}.new`;
  // The mode counts for new files only.
  rmSync(newPath, { force: true });
  writeFileSync(newPath, `${key}\n`, { mode: 0o600 });
  renameSync(newPath, keyPath(dataDir));
}

function keyPath(dataDir: string): string {
  return join(dataDir, 'api-key');
}

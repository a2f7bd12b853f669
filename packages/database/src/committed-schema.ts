import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { MIGRATIONS_FOLDER } from './migration/migration-files.ts';

/**
 * Text of `prisma/schema.prisma` at a git revision, which is what the migrations of that revision lead to.
 *
 * @throws Error of git when there is no such revision
 */
export function committedSchema(revision: string): string {
  return execFileSync('git', ['show', `${revision}:./schema.prisma`], {
    cwd: fileURLToPath(new URL('..', MIGRATIONS_FOLDER)),
    encoding: 'utf8',
  });
}

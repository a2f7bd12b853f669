import { AppError } from '@cookie-scanner/errors';

const FULL_CODES: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT']);
const DENIED_CODES: ReadonlySet<unknown> = new Set(['EACCES', 'EPERM', 'EROFS']);

/** What a program says when the disk is full; the last is PostgreSQL's. */
const FULL_WORDS = /No space left on device|Disk quota exceeded|ENOSPC|EDQUOT|wrote only \d+ of \d+ bytes/;

/** The fault to show when an error or a program's words mean that nothing can be written; null when they do not. */
export function diskFault(error: unknown, words = ''): AppError | null {
  const { code, path } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  if (FULL_CODES.has(code) || FULL_WORDS.test(words)) {
    return new AppError(
      'DISK_NOT_WRITABLE',
      'The disk is full; free some space and run the command again.',
      {},
      { cause: error },
    );
  }
  if (DENIED_CODES.has(code) && path !== undefined) {
    const message = `${path} cannot be used by this user; correct its owner or permissions and run the command again.`;
    return new AppError('DISK_NOT_WRITABLE', message, {}, { cause: error });
  }
  return null;
}

import { AppError } from '@cookie-scanner/errors';

const FULL_CODES: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT']);
const ABSENT_CODES: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP']);

/** Says what an error of the file system means to whoever wanted to store or read. */
export function storeError(error: unknown, action: string, key: string | null): AppError {
  const code = codeOf(error);
  const reason = FULL_CODES.has(code)
    ? 'the disk is full; free some space or move ARTIFACTS_DIR'
    : `the file system answered ${code}; check ARTIFACTS_DIR`;
  const message = `The artifact store cannot ${action}: ${reason}.`;
  return new AppError('ARTIFACT_STORE_UNAVAILABLE', message, { key, code }, { cause: error });
}

/** True when the error means that there is no such file. */
export function isAbsent(error: unknown): boolean {
  return ABSENT_CODES.has(codeOf(error));
}

/** The artifact that was asked for does not exist. */
export function notFound(key: string): AppError {
  return new AppError('ARTIFACT_NOT_FOUND', 'This artifact does not exist (any more).', { key });
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error
    ? String(error.code)
    : 'an unknown error';
}

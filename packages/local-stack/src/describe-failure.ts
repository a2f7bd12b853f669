import { isAppError, type ErrorCode } from '@cookie-scanner/errors';
import { EXIT_CODES } from './exit-codes.mjs';
import { diskFault } from './machine/disk-fault.ts';

const CODES: Partial<Record<ErrorCode, number>> = {
  URL_INVALID: EXIT_CODES.usage,
  ADDRESS_NOT_ALLOWED: EXIT_CODES.usage,
  INPUT_INVALID: EXIT_CODES.usage,
  CONFIG_INVALID: EXIT_CODES.usage,
  MACHINE_NOT_READY: EXIT_CODES.unavailable,
  BROWSER_UNAVAILABLE: EXIT_CODES.unavailable,
  DATABASE_UNAVAILABLE: EXIT_CODES.unavailable,
  AUDIT_UNREADABLE: EXIT_CODES.unavailable,
  REDIS_UNAVAILABLE: EXIT_CODES.unavailable,
  DISK_NOT_WRITABLE: EXIT_CODES.cannotWrite,
  ARTIFACT_STORE_UNAVAILABLE: EXIT_CODES.cannotWrite,
  PORT_TAKEN: EXIT_CODES.temporary,
  STACK_BUSY: EXIT_CODES.temporary,
};

/** A failure as the user of a command meets it. */
export interface CommandFailure {
  readonly exitCode: number;
  /** One sentence, or a few, that say what to do. */
  readonly message: string;
}

/** Turns whatever was thrown into the exit code and the words that a command ends with. */
export function describeFailure(error: unknown): CommandFailure {
  if (isAppError(error)) {
    return { exitCode: CODES[error.code] ?? EXIT_CODES.internal, message: error.message };
  }
  const disk = diskFault(error);
  if (disk) return { exitCode: EXIT_CODES.cannotWrite, message: disk.message };
  const reason = error instanceof Error ? error.message : String(error);
  return {
    exitCode: EXIT_CODES.internal,
    message: `Something went wrong that should not: ${reason}. Please report it; LOG_LEVEL=debug shows where.`,
  };
}

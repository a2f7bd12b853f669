import { ERROR_RULES, type ErrorCode, type ErrorRule } from './error-rules.ts';

/** A failure we foresaw. Anything else that is thrown is a bug and is reported as one. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;
  readonly rule: ErrorRule;

  /**
   * @param code - row of the error table
   * @param message - one sentence that says what to do; shown to the caller only where the table allows it
   * @param details - ids and small facts for the log; never secrets or cookie values
   */
  constructor(
    code: ErrorCode,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.code = code;
    this.details = details;
    this.rule = ERROR_RULES[code];
  }
}

/** Recognises an AppError by shape, because two copies of this package break `instanceof`. */
export function isAppError(error: unknown): error is AppError {
  return error instanceof Error && error.name === 'AppError' && 'code' in error && 'rule' in error;
}

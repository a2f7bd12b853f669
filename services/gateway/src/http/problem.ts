import { STATUS_CODES } from 'node:http';
import { problemSchema, type Problem, type ProblemField } from '@cookie-scanner/contracts';
import { isAppError } from '@cookie-scanner/errors';

/** Media type of an error. @see https://www.rfc-editor.org/rfc/rfc9457 */
export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** What a thrown error means to the client. */
export interface ErrorAnswer {
  readonly problem: Omit<Problem, 'requestId'>;
  /** Seconds after which another try makes sense; null when it does not. */
  readonly retryAfterSeconds: number | null;
  /** True when nobody foresaw this error, so that it is a bug of ours. */
  readonly isBug: boolean;
}

const RETRY_UNAVAILABLE_SECONDS = 5;
const RETRY_CONFLICT_SECONDS = 2;

/** Says what an error means to the client. Nothing of an error that nobody foresaw is shown. */
export function answerFor(error: unknown): ErrorAnswer {
  if (isUndecodablePath(error)) {
    const detail = 'The path contains a percent sign that begins no character.';
    return { problem: problem(400, 'REQUEST_INVALID', detail), retryAfterSeconds: null, isBug: false };
  }
  if (!isAppError(error)) {
    const detail = 'Something went wrong here; the log has the details under the requestId.';
    return { problem: problem(500, 'INTERNAL_ERROR', detail), retryAfterSeconds: null, isBug: true };
  }
  const { status, retry, expose } = error.rule;
  const detail = expose ? error.message : 'This is not possible at the moment. Try again later.';
  const fields = expose ? fieldsOf(error.details) : undefined;
  return {
    problem: { ...problem(status, error.code, detail), ...(fields ? { errors: fields } : {}) },
    retryAfterSeconds: retry === 'later' ? retryAfter(status, error.details) : null,
    isBug: false,
  };
}

/** The part of a problem that depends on the error alone. */
export function problem(status: number, code: string, detail: string): Omit<Problem, 'requestId'> {
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail, code };
}

function retryAfter(status: number, details: Readonly<Record<string, unknown>>): number | null {
  const { retryAfterSeconds } = details;
  if (typeof retryAfterSeconds === 'number') return retryAfterSeconds;
  if (status === 503) return RETRY_UNAVAILABLE_SECONDS;
  return status === 409 ? RETRY_CONFLICT_SECONDS : null;
}

function fieldsOf(details: Readonly<Record<string, unknown>>): ProblemField[] | undefined {
  return problemSchema.shape.errors.safeParse(details['errors']).data;
}

/** Express throws a URIError with status 400 for `/scans/%E0%A4%A`. */
function isUndecodablePath(error: unknown): boolean {
  return error instanceof URIError && 'status' in error && error.status === 400;
}

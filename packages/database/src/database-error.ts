import { AppError, isAppError } from '@cookie-scanner/errors';

/** What is known about a failed query, gathered from all layers that wrapped its error. */
interface QueryFailure {
  /** Names of constraints that were broken. */
  constraints: Set<string>;
  /** Codes of PostgreSQL (`40001`), Prisma (`P2034`), Prisma's adapter (`ConnectionClosed`) and Node (`ECONNREFUSED`). */
  codes: Set<string>;
  messages: string[];
}

/** Failures of the server or of the way to it: the same query may succeed later. */
const UNAVAILABLE_CODES: ReadonlySet<string> = new Set([
  // Prisma: credentials, not reachable, timed out, database missing, access denied, TLS, closed, no transaction.
  ...['P1000', 'P1001', 'P1002', 'P1003', 'P1008', 'P1010', 'P1011', 'P1017', 'P2024', 'P2028', 'P2037'],
  ...[
    'DatabaseNotReachable',
    'ConnectionClosed',
    'SocketTimeout',
    'TlsConnectionError',
    'TooManyConnections',
  ],
  ...['DatabaseDoesNotExist', 'DatabaseAccessDenied', 'AuthenticationFailed', 'TransactionAlreadyClosed'],
  ...[
    'ECONNREFUSED',
    'ECONNRESET',
    'ETIMEDOUT',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EPIPE',
    'EHOSTUNREACH',
    'ENETUNREACH',
  ],
  // PostgreSQL: ended by statement timeout or lock timeout, disk full, out of memory, too many connections, no such
  // database, refused credentials, transaction left idle, read-only after a failover.
  ...['57014', '55P03', '53100', '53200', '53300', '3D000', '28000', '28P01', '25P03', '25006'],
]);

/** Whole classes of PostgreSQL: connection exception, operator intervention (shutdown, start-up), system error. */
const UNAVAILABLE_CLASSES = /^(08|57P|58)[0-9A-Z]{2,3}$/;

/** `pg` reports a connection lost or not had in words only. */
const UNAVAILABLE_MESSAGES =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|Query read timeout|Cannot use a pool after calling end|Client was closed)/;

/** Deadlock and serialisation failure, by all their names. @see https://www.postgresql.org/docs/16/mvcc-serialization-failure-handling.html */
const CONFLICT_CODES: ReadonlySet<string> = new Set(['40001', '40P01', 'P2034', 'TransactionWriteConflict']);

/** Values that PostgreSQL does not take: text it cannot hold, no UUID, no JSON, too big a number, broken check. */
const INVALID_CODES: ReadonlySet<string> = new Set([
  '22021',
  '22P02',
  '22P05',
  '22003',
  '22001',
  '22008',
  '23514',
]);

/** Taken already, or still needed: unique key, restricted deletion. */
const CONFLICTING_CODES: ReadonlySet<string> = new Set(['23505', '23001', '23P01', 'P2002']);

const MISSING_REFERENCE_CODES: ReadonlySet<string> = new Set([
  '23503',
  'P2003',
  'ForeignKeyConstraintViolation',
]);

/** True when the transaction was undone only because another one ran at the same time. */
export function isWriteConflict(error: unknown): boolean {
  return hasOneOf(queryFailure(error), CONFLICT_CODES);
}

/** True when a row was refused because the row it refers to does not exist. */
export function isMissingReference(error: unknown): boolean {
  return hasOneOf(queryFailure(error), MISSING_REFERENCE_CODES);
}

/** True when a row broke a check, or fits none of the partitions of its table. */
export function isCheckViolation(error: unknown): boolean {
  return queryFailure(error).codes.has('23514');
}

/**
 * The error to throw for a failed query: DATABASE_UNAVAILABLE when the server or the way to it is at fault or a
 * conflict outlasted its retries; INPUT_INVALID, CONFLICT or REFERENCE_MISSING when PostgreSQL refuses what it was
 * given; otherwise the error itself, which is a bug of ours.
 */
export function databaseError(error: unknown): unknown {
  if (isAppError(error)) return error;
  const failure = queryFailure(error);
  const { codes, messages } = failure;
  const code = [...codes].find(
    (each) => UNAVAILABLE_CODES.has(each) || UNAVAILABLE_CLASSES.test(each) || CONFLICT_CODES.has(each),
  );
  if (code !== undefined || messages.some((message) => UNAVAILABLE_MESSAGES.test(message))) {
    const details = code === undefined ? {} : { code };
    return new AppError('DATABASE_UNAVAILABLE', explain(codes), details, { cause: error });
  }
  return refusal(failure, error) ?? error;
}

/** What to say of something that PostgreSQL refuses to hold; null when it was refused for another reason. */
function refusal(failure: QueryFailure, cause: unknown): AppError | null {
  const constraint = [...failure.constraints][0];
  const named = constraint === undefined ? '' : ` (${constraint})`;
  const details = constraint === undefined ? {} : { constraint };
  if (hasOneOf(failure, MISSING_REFERENCE_CODES)) {
    const message = `something that this refers to does not exist, or this is still referred to${named}`;
    return new AppError('REFERENCE_MISSING', message, details, { cause });
  }
  if (hasOneOf(failure, CONFLICTING_CODES)) {
    return new AppError('CONFLICT', `this is taken already, or must stay as it is${named}`, details, {
      cause,
    });
  }
  if (hasOneOf(failure, INVALID_CODES)) {
    return new AppError('INPUT_INVALID', `a value is none that can be stored${named}`, details, { cause });
  }
  return null;
}

function hasOneOf({ codes }: QueryFailure, wanted: ReadonlySet<string>): boolean {
  return [...codes].some((code) => wanted.has(code));
}

function explain(codes: ReadonlySet<string>): string {
  if (codes.has('53100')) return 'the disk of the PostgreSQL server is full: free space, then try again';
  if (codes.has('57014')) return 'a query took longer than DATABASE_STATEMENT_TIMEOUT_MS';
  if (codes.has('28P01') || codes.has('28000') || codes.has('P1000')) {
    return 'PostgreSQL refused the user or password of DATABASE_URL';
  }
  if (codes.has('3D000') || codes.has('P1003')) {
    return 'the database named in DATABASE_URL does not exist: run the migrations';
  }
  return 'PostgreSQL does not answer: check that it runs and that DATABASE_URL is right';
}

/** Collects codes and messages along `cause`, Prisma's `meta.driverAdapterError` and the parts of an AggregateError. */
function queryFailure(error: unknown): QueryFailure {
  const failure: QueryFailure = { constraints: new Set(), codes: new Set(), messages: [] };
  const seen = new Set<unknown>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    const layer = value as Record<string, unknown>;
    for (const code of [layer['code'], layer['originalCode'], layer['kind']]) {
      if (typeof code === 'string') failure.codes.add(code);
    }
    const constraint = constraintName(layer);
    if (constraint !== null) failure.constraints.add(constraint);
    for (const message of [layer['message'], layer['originalMessage']]) {
      if (typeof message === 'string') failure.messages.push(message);
    }
    for (const inner of [layer['cause'], layer['meta'], layer['driverAdapterError']]) visit(inner);
    if (Array.isArray(layer['errors'])) layer['errors'].forEach(visit);
  };
  visit(error);
  return failure;
}

/** `pg` gives the name alone, Prisma's adapter wraps it, and of a broken check it leaves only PostgreSQL's words. */
function constraintName({ constraint, originalMessage }: Record<string, unknown>): string | null {
  if (typeof constraint === 'string') return constraint;
  if (typeof constraint === 'object' && constraint !== null && 'index' in constraint) {
    return String(constraint.index);
  }
  if (typeof originalMessage !== 'string') return null;
  return /constraint "([^"]+)"/.exec(originalMessage)?.[1] ?? null;
}

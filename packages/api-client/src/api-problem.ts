import type { components } from './generated/schema.ts';

type Problem = components['schemas']['Problem'];

/** What a refusal says beside its words. */
interface Refusal {
  /** Of the answer, such as 404. */
  readonly status: number;
  /** What programs tell refusals apart by, such as `SCAN_NOT_FOUND`; null when it was not the gateway that answered. */
  readonly code: string | null;
  /** What the log of the gateway knows the request by. */
  readonly requestId: string | null;
  /** Which fields are not as expected. */
  readonly errors: NonNullable<Problem['errors']>;
  /** When another try makes sense; null when it does not. */
  readonly retryAfterSeconds: number | null;
}

/** The gateway refused. The message says why and what to do, in words for people. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly code: string | null;
  readonly requestId: string | null;
  readonly errors: Refusal['errors'];
  readonly retryAfterSeconds: number | null;

  constructor(detail: string, { status, code, requestId, errors, retryAfterSeconds }: Refusal) {
    super(detail);
    this.status = status;
    this.code = code;
    this.requestId = requestId;
    this.errors = errors;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** What a call of the client resolves to. */
export interface ApiAnswer {
  readonly data?: unknown;
  readonly error?: unknown;
  readonly response: Response;
}

/** What an operation answers when all is well; undefined for those that answer nothing. */
export type DataOf<TAnswer extends ApiAnswer> = [Exclude<TAnswer['data'], undefined>] extends [never]
  ? undefined
  : Exclude<TAnswer['data'], undefined>;

/**
 * The data of an answer: `const scan = await dataOf(api.POST('/scans', { body: { url } }))`.
 *
 * @throws ApiProblem when the gateway refused
 */
export async function dataOf<TAnswer extends ApiAnswer>(call: Promise<TAnswer>): Promise<DataOf<TAnswer>> {
  const { data, error, response } = await call;
  if (!response.ok) throw problemOf(error, response);
  return data as DataOf<TAnswer>;
}

function problemOf(error: unknown, { status, headers }: Response): ApiProblem {
  const retryAfter = headers.get('Retry-After');
  const retryAfterSeconds = retryAfter === null ? null : Number(retryAfter);
  if (isProblem(error)) {
    const { detail, code, requestId, errors = [] } = error;
    return new ApiProblem(detail, { status, code, requestId, errors, retryAfterSeconds });
  }
  const requestId = headers.get('X-Request-Id');
  const detail = `It was answered with status ${status}, and not by the gateway.`;
  return new ApiProblem(detail, { status, code: null, requestId, errors: [], retryAfterSeconds });
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && 'detail' in body;
}

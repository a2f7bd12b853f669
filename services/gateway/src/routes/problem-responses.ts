import { schemaRef } from '../http/named-schemas.ts';

const DESCRIPTIONS = {
  400: 'The request is malformed: its path, its encoding or its JSON.',
  401: 'Who sends it is not known: no token, none that is good, or a wrong password or code.',
  403: 'You may not do this, not without a fresh proof of who you are, or a page of another site sent it.',
  404: 'There is no such thing, or none that you may know of.',
  409: 'It does not fit what is there, or not yet; Retry-After says when to ask again.',
  410: 'Retention removed it; what it belongs to is still known.',
  412: 'It changed since it was read: If-Match names another state.',
  413: 'The body is too large.',
  415: 'The body is not JSON in UTF-8, plain or gzip.',
  421: 'The Host header names a host that is not served here.',
  422: 'The input is understood but not acceptable; detail and errors say why.',
  428: 'A change needs If-Match with the ETag of what it is about.',
  429: 'Too many requests or attempts; Retry-After says when to try again.',
  500: 'A bug of ours, or a stored file that is damaged.',
  503: 'Something the service needs is away; Retry-After says when to try again.',
} as const satisfies Record<number, string>;

const COMPONENTS_PATH = '#/components/responses/';

/** Statuses that every operation may answer with. */
const COMMON = [400, 403, 421, 429, 500, 503] as const;

/** A status that operations answer with when something is wrong. */
type ProblemStatus = keyof typeof DESCRIPTIONS;

/** The errors of an operation, for its part of the OpenAPI document. */
export function problemResponses(...statuses: ProblemStatus[]): Record<string, { $ref: string }> {
  const all = [...new Set([...COMMON, ...statuses])].sort();
  return Object.fromEntries(
    all.map((status) => [String(status), { $ref: COMPONENTS_PATH + nameOf(status) }]),
  );
}

/** What `problemResponses` refers to: said once, because every operation has nearly all of them. */
export function problemComponents(): Record<string, object> {
  return Object.fromEntries(
    Object.entries(DESCRIPTIONS).map(([status, description]) => [
      nameOf(status),
      { description, content: { 'application/problem+json': { schema: schemaRef('Problem') } } },
    ]),
  );
}

function nameOf(status: number | string): string {
  return `Problem${status}`;
}

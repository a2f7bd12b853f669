import type { ResponseConfig } from '@asteasolutions/zod-to-openapi';
import { schemaRef } from '../http/named-schemas.ts';

const DESCRIPTIONS = {
  400: 'The request is malformed: its path, its encoding or its JSON.',
  403: 'A browser sent it for a page of another site.',
  404: 'There is no such thing, or none that you may know of.',
  409: 'Not yet; Retry-After says when to ask again.',
  413: 'The body is too large.',
  415: 'The body is not JSON in UTF-8, plain or gzip.',
  421: 'The Host header names a host that is not served here.',
  422: 'The input is understood but not acceptable; detail and errors say why.',
  500: 'A bug of ours, or a stored file that is damaged.',
  503: 'Something the service needs is away; Retry-After says when to try again.',
} as const satisfies Record<number, string>;

/** Statuses that every operation may answer with. */
const COMMON = [400, 403, 421, 500, 503] as const;

/** The errors of an operation, for its part of the OpenAPI document. */
export function problemResponses(...statuses: (keyof typeof DESCRIPTIONS)[]): Record<string, ResponseConfig> {
  const all = [...new Set([...COMMON, ...statuses])].sort();
  return Object.fromEntries(
    all.map((status) => [
      String(status),
      {
        description: DESCRIPTIONS[status],
        content: { 'application/problem+json': { schema: schemaRef('Problem') } },
      },
    ]),
  );
}

import { AppError } from '@cookie-scanner/errors';
import type { Request } from 'express';
import type { z } from 'zod';
import type { ProblemField } from '@cookie-scanner/contracts';

const FIELDS_MAX = 20;
const DETAIL_LENGTH_MAX = 200;

/**
 * Parses the body of a request.
 *
 * @throws AppError INPUT_INVALID that names every field that is not as expected
 */
export function parseBody<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  return parse(schema, body, 'body', (path) => ({ pointer: `#${path.map(pointerPart).join('')}` }));
}

/**
 * Parses the query of a request. A parameter given twice is an array and so, where one value is expected, an error.
 *
 * @throws AppError INPUT_INVALID that names every parameter that is not as expected
 */
export function parseQuery<T extends z.ZodType>(schema: T, request: Request): z.output<T> {
  const { searchParams } = new URL(request.originalUrl, 'http://gateway');
  const query: Record<string, unknown> = Object.fromEntries(
    [...new Set(searchParams.keys())].map((name) => {
      const values = searchParams.getAll(name);
      return [name, values.length === 1 ? values[0] : values];
    }),
  );
  return parse(schema, query, 'query', (path) => (path.length > 0 ? { parameter: String(path[0]) } : {}));
}

function parse<T extends z.ZodType>(
  schema: T,
  input: unknown,
  part: 'body' | 'query',
  locate: (path: PropertyKey[]) => Omit<ProblemField, 'detail'>,
): z.output<T> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const errors = result.error.issues
    .slice(0, FIELDS_MAX)
    .map(({ path, message }) => ({ ...locate(path), detail: message.slice(0, DETAIL_LENGTH_MAX) }));
  throw new AppError('INPUT_INVALID', `The ${part} is not as expected; errors says where.`, { errors });
}

/** One step of a JSON pointer. @see https://www.rfc-editor.org/rfc/rfc6901#section-6 */
function pointerPart(key: PropertyKey): string {
  return `/${encodeURIComponent(String(key).replaceAll('~', '~0').replaceAll('/', '~1'))}`;
}

import type { Request } from 'express';
import type { PageRequest } from '@cookie-scanner/database';
import { z } from 'zod';
import { parseQuery } from './parse-input.ts';

const LIMIT_MAX = 200;
const LIMIT_DEFAULT = 50;

/** The parameters of every list, as they arrive: text. */
export const pageQueryShape = {
  cursor: z.string().min(1).max(500).optional(),
  limit: z
    .string()
    .regex(/^\d{1,6}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().int().min(1).max(LIMIT_MAX))
    .optional(),
};

/** The same as the document describes them. */
export const documentedPageQueryShape = {
  cursor: z.string().min(1).max(500).optional(),
  limit: z.number().int().min(1).max(LIMIT_MAX).default(LIMIT_DEFAULT),
};

/** The query of a list without filters, for its part of the OpenAPI document. */
export const documentedPageQuery = z.strictObject(documentedPageQueryShape);

const pageQuery = z.strictObject(pageQueryShape);

/**
 * The page that a request without further parameters asks for.
 *
 * @throws AppError INPUT_INVALID
 */
export function pageRequestOf(request: Request): PageRequest {
  return asPageRequest(parseQuery(pageQuery, request));
}

/** The page that a parsed query asks for. */
export function asPageRequest({
  cursor = null,
  limit = LIMIT_DEFAULT,
}: {
  cursor?: string | null | undefined;
  limit?: number | undefined;
}): PageRequest {
  return { cursor, limit };
}

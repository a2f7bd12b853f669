import { z } from 'zod';

/** The header `ETag` of an answer, for its part of the OpenAPI document. */
export const tagHeader = z.object({ ETag: z.string() });

/** The header that a change must come with, for its part of the OpenAPI document. */
export const ifMatchHeader = z.object({ 'If-Match': z.string().min(1).max(1_000) });

/** The header that a deletion may come with. */
export const optionalIfMatchHeader = ifMatchHeader.partial();

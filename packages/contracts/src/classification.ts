import { z } from 'zod';
import { confidenceSchema } from './finding.ts';

/** What a cookie is for. `unclassified` means that nobody knows well enough, not that it is harmless. */
export const cookieCategorySchema = z.enum([
  'necessary',
  'functional',
  'analytics',
  'marketing',
  'unclassified',
]);
export type CookieCategory = z.infer<typeof cookieCategorySchema>;

/**
 * Where a category came from: an override of the workspace, an entry of the knowledge base that names the cookie
 * exactly or by pattern, a trained model, a plugin, or nowhere.
 */
export const classificationSourceSchema = z.enum([
  'override',
  'exact_entry',
  'pattern_entry',
  'model',
  'plugin',
  'none',
]);
export type ClassificationSource = z.infer<typeof classificationSourceSchema>;

/** What we think a cookie is for, and why. */
export const cookieClassificationSchema = z.object({
  category: cookieCategorySchema,
  source: classificationSourceSchema,
  /** Null for an unclassified cookie. */
  confidence: confidenceSchema.nullable(),
  /** Who is behind the cookie; null when nobody knows. */
  vendor: z.string().nullable(),
  /** Version of the knowledge base, or name and version of the model, that said so; null for an override. */
  basis: z.string().nullable(),
});
export type CookieClassification = z.infer<typeof cookieClassificationSchema>;

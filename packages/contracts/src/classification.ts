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

/** A category that says something. */
export const knownCategorySchema = cookieCategorySchema.exclude(['unclassified']);
export type KnownCategory = z.infer<typeof knownCategorySchema>;

/** A narrower purpose than the category, where it changes what a rule says. */
export const knownPurposeSchema = z.enum([
  'consent',
  'session',
  'security',
  'load-balancing',
  'cart',
  'preference',
]);
export type KnownPurpose = z.infer<typeof knownPurposeSchema>;

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

/** What beside the name speaks for an entry of the knowledge base; `name` when nothing does. */
export const corroborationSchema = z.enum(['domain', 'setter', 'name']);
export type Corroboration = z.infer<typeof corroborationSchema>;

/** A rule of a filter list that names an address. */
export const filterRuleSchema = z.object({
  /** File name of the list. */
  list: z.string(),
  /** The rule as the list has it. */
  rule: z.string(),
});
export type FilterRule = z.infer<typeof filterRuleSchema>;

/** What a classification rests on. Whatever does not apply is null or empty. */
export const classificationProvenanceSchema = z.object({
  /** Id of the knowledge entry that fits best, such as `own:_ga`, also where an override says otherwise. */
  entry: z.string().nullable().default(null),
  corroboratedBy: corroborationSchema.nullable().default(null),
  /** Ids of entries that fit as well and say another category. */
  conflicts: z.array(z.string()).default([]),
  /** The override that decided: its id, why it was made, and what would be said without it. */
  override: z
    .object({ id: z.string(), reason: z.string(), insteadOf: cookieCategorySchema })
    .nullable()
    .default(null),
  /** What the model holds most likely, and how likely, 0 to 1; also where that was too little to say so. */
  guess: z
    .object({ category: knownCategorySchema, probability: z.number().min(0).max(1) })
    .nullable()
    .default(null),
  /** Rules that name the cookie's domain or whoever set it. */
  filterRules: z.array(filterRuleSchema).default([]),
});
export type ClassificationProvenance = z.infer<typeof classificationProvenanceSchema>;

/** What we think a cookie or a storage item is for, and why. */
export const cookieClassificationSchema = z.object({
  category: cookieCategorySchema,
  /** Null where nobody says more than the category. */
  purpose: knownPurposeSchema.nullable().default(null),
  source: classificationSourceSchema,
  /** Null for what is unclassified. */
  confidence: confidenceSchema.nullable(),
  /** Product behind it; null when nobody knows. */
  vendor: z.string().nullable(),
  /** Who is behind the product, `first party` for what sites themselves run; null when nobody knows. */
  company: z.string().nullable().default(null),
  /** Version of the knowledge base, or name and version of the model, that said so; null for an override. */
  basis: z.string().nullable(),
  provenance: classificationProvenanceSchema,
});
export type CookieClassification = z.infer<typeof cookieClassificationSchema>;

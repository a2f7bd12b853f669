import { z } from 'zod';
import { idSchema, rowTimes } from './id.ts';
import { safeString } from './text.ts';

/** What an annotation is: somebody's words, or a reference to a gene, a pathway or a paper. */
export const annotationKindSchema = z.enum(['note', 'gene', 'pathway', 'paper']);
export type AnnotationKind = z.infer<typeof annotationKindSchema>;

/** What an annotation hangs on. */
export const annotationTargetSchema = z.enum(['domain', 'scan', 'cookie', 'finding', 'report']);
export type AnnotationTarget = z.infer<typeof annotationTargetSchema>;

const textSchema = safeString(5_000, { multiline: true });

/** A gene by its approved symbol, such as `BRCA1`. @see https://www.genenames.org/about/guidelines/ */
export const geneReferenceSchema = z
  .string()
  .regex(/^[A-Z][A-Za-z0-9-]{0,19}$/, 'is not the symbol of a gene');

/** A pathway by its id at Reactome, KEGG or WikiPathways, such as `R-HSA-109581`, `hsa04110` or `WP254`. */
export const pathwayReferenceSchema = z
  .string()
  .regex(/^(?:R-[A-Z]{3}-\d{1,9}|[a-z]{2,4}\d{5}|WP\d{1,6})$/, 'is not the id of a pathway');

/** A paper by its DOI or by `PMID:` and its number. @see https://www.crossref.org/blog/dois-and-matching-regular-expressions/ */
export const paperReferenceSchema = z
  .string()
  .max(300)
  .regex(/^(?:10\.\d{4,9}\/[-._;()/:A-Za-z0-9]+|PMID:[1-9]\d{0,8})$/, 'is not a DOI or PMID');

/** What an annotation says, by its kind. */
export const annotationContentSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('note'), text: safeString(5_000, { min: 1, multiline: true }) }),
  z.strictObject({ kind: z.literal('gene'), reference: geneReferenceSchema, text: textSchema.default('') }),
  z.strictObject({
    kind: z.literal('pathway'),
    reference: pathwayReferenceSchema,
    text: textSchema.default(''),
  }),
  z.strictObject({ kind: z.literal('paper'), reference: paperReferenceSchema, text: textSchema.default('') }),
]);
export type AnnotationContent = z.infer<typeof annotationContentSchema>;

const place = { target: annotationTargetSchema, targetId: idSchema };

/** Something that people add to what the platform found. */
export const annotationSchema = z.object({
  id: idSchema,
  workspaceId: idSchema,
  /** Null once the author's account is gone. */
  authorId: idSchema.nullable(),
  ...place,
  content: annotationContentSchema,
  ...rowTimes,
});
export type Annotation = z.infer<typeof annotationSchema>;

/** What is needed to add an annotation. */
export const annotationCreateSchema = z.strictObject({ ...place, content: annotationContentSchema });
export type AnnotationCreate = z.infer<typeof annotationCreateSchema>;

/** A change of what an annotation says. */
export const annotationUpdateSchema = z.strictObject({ content: annotationContentSchema });
export type AnnotationUpdate = z.infer<typeof annotationUpdateSchema>;

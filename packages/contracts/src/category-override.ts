import { z } from 'zod';
import { knownCategorySchema } from './classification.ts';
import { idSchema, rowTimes } from './id.ts';
import { safeString } from './text.ts';

const NAME_LENGTH_MAX = 500;
const DOMAIN_LENGTH_MAX = 253;

/** What somebody may lay down about cookies of a name. */
const overrideFields = {
  /** The whole name, or what it begins with. Case counts. */
  name: safeString(NAME_LENGTH_MAX, { min: 1 }),
  match: z.enum(['exact', 'prefix']),
  /** Cookies of this host and of those below it, without leading dot; null for cookies of any domain. */
  domain: z
    .string()
    .max(DOMAIN_LENGTH_MAX)
    .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, 'must be a host name in small letters, without a leading dot')
    .nullable(),
  category: knownCategorySchema,
  /** Why, for whoever reads the report. */
  reason: safeString(2_000, { min: 1, multiline: true }),
};

/** A decision of a workspace about what cookies of a name are for. It wins over whatever we know. */
export const categoryOverrideSchema = z.object({
  id: idSchema,
  workspaceId: idSchema,
  ...overrideFields,
  /** Who decided; null when the account is gone. */
  createdBy: idSchema.nullable(),
  ...rowTimes,
});
export type CategoryOverride = z.infer<typeof categoryOverrideSchema>;

/** Decisions of a workspace. `nextCursor` is null on the last page. */
export const categoryOverridePageSchema = z.object({
  items: z.array(categoryOverrideSchema),
  nextCursor: z.string().nullable(),
});
export type CategoryOverridePage = z.infer<typeof categoryOverridePageSchema>;

/** A decision as it is handed in. */
export const categoryOverrideCreateSchema = z.strictObject(overrideFields);
export type CategoryOverrideCreate = z.infer<typeof categoryOverrideCreateSchema>;

/** As much of an override as judging needs. */
export type AppliedOverride = Pick<
  CategoryOverride,
  'id' | 'name' | 'match' | 'domain' | 'category' | 'reason'
>;

import { z } from 'zod';
import { idSchema, rowTimes } from './id.ts';
import { scanParamsSchema } from './scan.ts';
import { changesSomething, descriptionSchema, nameSchema } from './text.ts';

/** Names of the profiles that come with the platform and cannot be changed. */
export const builtInProfileNameSchema = z.enum(['quick', 'standard', 'deep', 'consent-audit']);
export type BuiltInProfileName = z.infer<typeof builtInProfileNameSchema>;

/** A named set of scan parameters. Each change makes a new version; scans keep the parameters they ran with. */
export const scanProfileSchema = z.object({
  id: idSchema,
  /** Null for a built-in profile, which every workspace sees. */
  workspaceId: idSchema.nullable(),
  name: z.string(),
  description: z.string(),
  builtIn: z.boolean(),
  /** Counts from 1. */
  version: z.number().int().min(1),
  params: scanParamsSchema,
  ...rowTimes,
});
export type ScanProfile = z.infer<typeof scanProfileSchema>;

/** A page of profiles. `nextCursor` is null on the last one. */
export const scanProfilePageSchema = z.object({
  items: z.array(scanProfileSchema),
  nextCursor: z.string().nullable(),
});
export type ScanProfilePage = z.infer<typeof scanProfilePageSchema>;

const customNameSchema = nameSchema.refine(
  (name) => !builtInProfileNameSchema.safeParse(name.toLowerCase()).success,
  'is the name of a built-in profile',
);
/** What is needed to make a profile of one's own. */
export const scanProfileCreateSchema = z.strictObject({
  name: customNameSchema,
  description: descriptionSchema.default(''),
  params: scanParamsSchema,
});
export type ScanProfileCreate = z.infer<typeof scanProfileCreateSchema>;

/** A change of one's own profile. Parameters are replaced as a whole. */
export const scanProfileUpdateSchema = z
  .strictObject({ name: customNameSchema, description: descriptionSchema, params: scanParamsSchema })
  .partial()
  .refine(changesSomething, 'changes nothing');
export type ScanProfileUpdate = z.infer<typeof scanProfileUpdateSchema>;

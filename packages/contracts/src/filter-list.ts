import { z } from 'zod';
import { filterRuleSchema } from './classification.ts';

/** An address that a rule of a filter list names. */
export const filterMatchSchema = filterRuleSchema.extend({ url: z.string() });
export type FilterMatch = z.infer<typeof filterMatchSchema>;

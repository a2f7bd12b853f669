import { z } from 'zod';
import { apiKeyScopeSchema } from './api-key.ts';
import { userRoleSchema } from './user.ts';

/** One thing that a role may do. */
const roleRightSchema = z.object({
  /** Resource and action, such as `scans:write`. */
  permission: z.string(),
  /** Where the role must be had: in the workspace, on the platform; `own` for what is about oneself. */
  level: z.enum(['workspace', 'platform', 'own']),
  /** Scope that an API key needs for it beside its creator's role; null when no key may. */
  scope: apiKeyScopeSchema.nullable(),
});

/** Every role, from most to least, with everything it may do. What is not listed is forbidden. */
export const roleListSchema = z.object({
  items: z.array(z.object({ role: userRoleSchema, rights: z.array(roleRightSchema) })),
});
export type RoleList = z.infer<typeof roleListSchema>;

import { z } from 'zod';
import { changesSomething } from './text.ts';

const DAYS_MAX = 36_500;
const AUDIT_DAYS_MIN = 365;

/** Days after which something goes: 0 for never, null for what the platform says. */
const daysSchema = z.int().min(0).max(DAYS_MAX).nullable();
const auditDaysSchema = z
  .union([z.literal(0), z.int().min(AUDIT_DAYS_MIN).max(DAYS_MAX)], {
    error: `write 0 for ever, or at least ${AUDIT_DAYS_MIN} days`,
  })
  .nullable();

/** After how many days what a workspace has goes, as it chose; null for what the platform says, 0 for never. */
export const ownRetentionSchema = z.object({
  /** A scan, from its end on, with all that belongs to it. */
  scanDays: daysSchema,
  /** The observation, screenshots and record of requests of a scan, whose result and reports stay. */
  fileDays: daysSchema,
  /** Rows of the audit log. */
  auditDays: auditDaysSchema,
});
export type OwnRetention = z.infer<typeof ownRetentionSchema>;

/** A change of what a workspace chose; what is left out stays. */
export const ownRetentionUpdateSchema = z
  .strictObject(ownRetentionSchema.shape)
  .partial()
  .refine(changesSomething, 'changes nothing');
export type OwnRetentionUpdate = z.infer<typeof ownRetentionUpdateSchema>;

const inForceSchema = z.object({ scanDays: z.int(), fileDays: z.int(), auditDays: z.int() });

/** How long a workspace keeps what it has, and why. Days; 0 for ever. */
export const retentionSchema = z.object({
  own: ownRetentionSchema,
  /** What counts where the workspace chose nothing. */
  platform: inForceSchema,
  /** What counts. */
  inForce: inForceSchema,
  /** Files with values of cookies go after so many days, whatever else is chosen. */
  valueDays: z.int(),
});
export type Retention = z.infer<typeof retentionSchema>;

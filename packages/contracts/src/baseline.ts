import { z } from 'zod';
import { idSchema, rowTimes } from './id.ts';
import { safeString } from './text.ts';

/** Whether later scans are held against a baseline; one per site is active. */
export const baselineStateSchema = z.enum(['active', 'retired']);
export type BaselineState = z.infer<typeof baselineStateSchema>;

const reasonSchema = safeString(2_000, { min: 1, multiline: true });

/** The state of a site that later scans are held against. */
export const baselineSchema = z.object({
  id: idSchema,
  domainId: idSchema,
  /** The scan that shows the state. */
  scanId: idSchema,
  state: baselineStateSchema,
  createdBy: idSchema,
  reason: z.string(),
  ...rowTimes,
});
export type Baseline = z.infer<typeof baselineSchema>;

/** Makes a scan the baseline of its site. */
export const baselineCreateSchema = z.strictObject({ scanId: idSchema, reason: reasonSchema });
export type BaselineCreate = z.infer<typeof baselineCreateSchema>;

const approved = {
  /** Identity of what is approved, such as a cookie's normalised name and domain. */
  subject: safeString(500, { min: 1 }),
  /** Who answers for it. */
  ownerId: idSchema,
  reason: reasonSchema,
  /** When somebody must look again; null for never. */
  expiresAt: z.iso.datetime().nullable(),
};

/** A difference from the baseline that somebody answers for. */
export const baselineApprovalSchema = z.object({
  id: idSchema,
  baselineId: idSchema,
  ...approved,
  ...rowTimes,
});
export type BaselineApproval = z.infer<typeof baselineApprovalSchema>;

/** Approves a difference. */
export const baselineApprovalCreateSchema = z.strictObject({
  ...approved,
  expiresAt: approved.expiresAt.default(null),
});
export type BaselineApprovalCreate = z.infer<typeof baselineApprovalCreateSchema>;

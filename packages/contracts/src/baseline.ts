import { z } from 'zod';
import { severitySchema } from './finding.ts';
import { idSchema, rowTimes } from './id.ts';
import { cookieFactsSchema, findingFactsSchema } from './scan-diff.ts';
import { safeString } from './text.ts';

/** Whether later scans are held against a baseline; one per site is active. */
export const baselineStateSchema = z.enum(['active', 'retired']);
export type BaselineState = z.infer<typeof baselineStateSchema>;

const reasonSchema = safeString(2_000, { min: 1, multiline: true });

/** What a site may have: the cookies and the findings of one scan of it. */
export const baselineContentSchema = z.object({
  cookies: z.array(cookieFactsSchema),
  findings: z.array(findingFactsSchema).default([]),
});
export type BaselineContent = z.infer<typeof baselineContentSchema>;

const approved = {
  /**
   * What is approved, exactly as the judgement names it: a cookie, which covers the findings about it, or one finding.
   * Names of cookies may hold anything, so it is not tidied like other texts.
   */
  subject: z.string().min(1).max(10_000),
  reason: reasonSchema,
  /** When somebody must look again; null for never. */
  expiresAt: z.iso.datetime().nullable(),
};
/** Who answers for it: a person or a team. */
const ownerSchema = safeString(320, { min: 1 });

/** As much of an approval as judging needs, and as a file of a baseline holds. */
export const appliedApprovalSchema = z.object({ ...approved, owner: ownerSchema });
export type AppliedApproval = z.infer<typeof appliedApprovalSchema>;

/** Something that the baseline does not have, and that somebody answers for. */
export const baselineApprovalSchema = appliedApprovalSchema.extend({
  id: idSchema,
  baselineId: idSchema,
  /** Account that recorded it; null when it is gone. */
  approvedBy: idSchema.nullable(),
  ...rowTimes,
});
export type BaselineApproval = z.infer<typeof baselineApprovalSchema>;

/** Approves something. Without an owner, whoever sends it answers for it. */
export const baselineApprovalCreateSchema = z.strictObject({
  ...approved,
  owner: ownerSchema.optional(),
  expiresAt: approved.expiresAt.default(null),
});
export type BaselineApprovalCreate = z.infer<typeof baselineApprovalCreateSchema>;

/** The state of a site that later scans are held against. */
export const baselineSchema = z.object({
  id: idSchema,
  /** Host that was scanned. */
  domain: z.string(),
  /** The scan that showed the state; null when it was deleted. */
  scanId: idSchema.nullable(),
  state: baselineStateSchema,
  /** Account that made it; null when it is gone. */
  createdBy: idSchema.nullable(),
  reason: z.string(),
  /** When another one took its place; null while it is active. */
  retiredAt: z.iso.datetime().nullable(),
  ...rowTimes,
});
export type Baseline = z.infer<typeof baselineSchema>;

/** Baselines of a workspace, the newest first. */
export const baselinePageSchema = z.object({
  items: z.array(baselineSchema),
  /** Null on the last page. */
  nextCursor: z.string().nullable(),
});
export type BaselinePage = z.infer<typeof baselinePageSchema>;

/** A baseline with all that it holds. */
export const baselineDetailSchema = baselineSchema.extend({
  content: baselineContentSchema,
  /** Also those that expired. */
  approvals: z.array(baselineApprovalSchema),
});
export type BaselineDetail = z.infer<typeof baselineDetailSchema>;

/** Makes a scan the baseline of its site, in place of the one it has. */
export const baselineCreateSchema = z.strictObject({ scanId: idSchema, reason: reasonSchema });
export type BaselineCreate = z.infer<typeof baselineCreateSchema>;

const deviation = {
  /** What an approval of it must name. */
  subject: z.string(),
  /** `unapproved` nobody answers for it, `expired` somebody must look again, `approved` in order until then. */
  state: z.enum(['unapproved', 'expired', 'approved']),
  /** Null where nobody approved it. */
  approval: appliedApprovalSchema.nullable(),
};

/** How a site stands against its baseline. */
export const baselineJudgementSchema = z.object({
  /**
   * False when nobody answers, or not any more, for a cookie that the baseline does not have, or for a finding from
   * `failOn` on.
   */
  isInOrder: z.boolean(),
  /** The least severity that counts of findings. */
  failOn: severitySchema,
  /** Cookies that the baseline does not have. */
  cookies: z.array(z.object({ ...deviation, cookie: cookieFactsSchema })),
  /** Open findings that the baseline does not have, or has as less grave. */
  findings: z.array(z.object({ ...deviation, finding: findingFactsSchema })),
  /** What the baseline has and the site has no more; no fault, but the baseline could be tightened. */
  gone: baselineContentSchema,
});
export type BaselineJudgement = z.infer<typeof baselineJudgementSchema>;

/** A scan held against a baseline of its site. */
export const scanBaselineJudgementSchema = baselineJudgementSchema.extend({
  scanId: idSchema,
  baselineId: idSchema,
  /** The moment for which approvals were looked at. */
  judgedAt: z.iso.datetime(),
});
export type ScanBaselineJudgement = z.infer<typeof scanBaselineJudgementSchema>;

import { z } from 'zod';
import { idSchema, rowTimes } from './id.ts';
import { safeString } from './text.ts';

/** How much a finding or anomaly matters, from least to most. */
export const severitySchema = z.enum(['info', 'low', 'medium', 'high', 'critical']);
export type Severity = z.infer<typeof severitySchema>;

/** What people decided about a finding. */
export const findingStateSchema = z.enum(['open', 'acknowledged', 'accepted', 'false_positive', 'resolved']);
export type FindingState = z.infer<typeof findingStateSchema>;

/** How sure we are; what a scan could not see lowers it. */
export const confidenceSchema = z.enum(['high', 'medium', 'low']);
export type Confidence = z.infer<typeof confidenceSchema>;

/** What a finding rests on. Whatever does not apply is null. */
export const findingEvidenceSchema = z.object({
  cookieName: z.string().nullable().default(null),
  cookieDomain: z.string().nullable().default(null),
  /** Where it happened. */
  url: z.string().nullable().default(null),
  /** Who did it: script or request, and so on up to the page. */
  setterChain: z.array(z.string()).default([]),
  /** Milliseconds since the scan began. */
  atMs: z.number().min(0).nullable().default(null),
  /** Key of the screenshot in the artifact store. */
  screenshotKey: z.string().nullable().default(null),
});
export type FindingEvidence = z.infer<typeof findingEvidenceSchema>;

/** Something about a site that is not in order, as one scan saw it. */
export const findingSchema = z.object({
  id: idSchema,
  scanId: idSchema,
  /** The rule that found it, such as `cookie-before-consent`. */
  ruleId: z.string(),
  severity: severitySchema,
  confidence: confidenceSchema,
  state: findingStateSchema,
  title: z.string(),
  /** What to do about it. */
  advice: z.string(),
  /** Legal sources of the rule, such as `ePrivacy Art. 5(3)`. */
  legalSources: z.array(z.string()),
  evidence: findingEvidenceSchema,
  /** Why people set the state by hand; null when nobody did. */
  stateReason: z.string().nullable(),
  ...rowTimes,
});
export type Finding = z.infer<typeof findingSchema>;

/** What somebody decides about a finding. Closing one takes a reason. */
export const findingUpdateSchema = z
  .strictObject({ state: findingStateSchema, reason: safeString(2_000, { multiline: true }).default('') })
  .refine(({ state, reason }) => state === 'open' || state === 'acknowledged' || reason !== '', {
    error: 'is needed to close a finding',
    path: ['reason'],
  });
export type FindingUpdate = z.infer<typeof findingUpdateSchema>;

import { z } from 'zod';
import { idSchema, rowTimes } from './id.ts';
import { consentStateSchema } from './scan.ts';
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
  /** Who did it: the document first, then what it brought in, and so on to the script or request itself. */
  setterChain: z.array(z.string()).default([]),
  /** Milliseconds since the scan, or the run of this consent state, began. */
  atMs: z.number().min(0).nullable().default(null),
  /** Consent state in which it was seen. */
  consentState: consentStateSchema.nullable().default(null),
  /** Names of files of the scan that show it. */
  screenshots: z.array(z.string()).default([]),
  /** What else was seen, one fact in words each. */
  facts: z.array(z.string()).default([]),
});
export type FindingEvidence = z.infer<typeof findingEvidenceSchema>;

/** Something about a site that is not in order, as it follows from one observation. */
export const judgedFindingSchema = z.object({
  /** The rule that found it, such as `cookie-before-consent`. */
  ruleId: z.string(),
  /** What it is about, the same in every scan of a site, such as a cookie's identity; empty for the site as a whole. */
  subject: z.string(),
  severity: severitySchema,
  confidence: confidenceSchema,
  /** One sentence: what is wrong, with what. */
  title: z.string(),
  /** Why it matters, for people who are not engineers. */
  explanation: z.string(),
  /** What to do about it. */
  advice: z.string(),
  /** Legal sources of the rule, such as `ePrivacy Directive, Art. 5(3)`. */
  legalSources: z.array(z.string()),
  evidence: findingEvidenceSchema,
});
export type JudgedFinding = z.infer<typeof judgedFindingSchema>;

/** A finding as it is kept, with what people decided about it. */
export const findingSchema = judgedFindingSchema.extend({
  id: idSchema,
  scanId: idSchema,
  state: findingStateSchema,
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

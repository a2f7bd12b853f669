import { z } from 'zod';
import { cookieCategorySchema } from './classification.ts';
import { confidenceSchema, severitySchema } from './finding.ts';
import { idSchema, rowTimes } from './id.ts';

/** What stands out from a site's own past. */
export const anomalyKindSchema = z.enum([
  'new_tracker',
  'cookie_count',
  'third_party_count',
  'cookie_lifetime',
  'score_drop',
  'consent_regression',
  'repeated_failure',
]);
export type AnomalyKind = z.infer<typeof anomalyKindSchema>;

const countSchema = z.number().int().min(0);

/** How one site stands against the rules, as one scan saw it. The same observation always gives the same numbers. */
export const complianceMetricsSchema = z.object({
  scanId: idSchema,
  /** 0 to 100; null when the scan could not see enough to judge. */
  score: z.number().min(0).max(100).nullable(),
  /** What the scan could not see lowers this, not the score. */
  confidence: confidenceSchema,
  /** Why the confidence is not high, one sentence each; empty when it is. */
  confidenceReasons: z.array(z.string()).default([]),
  /** Every point that is missing from 100, with its reason. */
  deductions: z.array(z.object({ ruleId: z.string(), points: z.number().min(0), explanation: z.string() })),
  findingsBySeverity: z.record(severitySchema, countSchema),
  cookiesByCategory: z.record(cookieCategorySchema, countSchema),
  /** Cookies that are not necessary and came before any consent. */
  cookiesBeforeConsent: countSchema,
  /** Cookies that are not necessary and came or stayed after consent was refused. */
  cookiesAfterReject: countSchema,
});
export type ComplianceMetrics = z.infer<typeof complianceMetricsSchema>;

/** What a trend follows. */
export const trendMetricSchema = z.enum([
  'score',
  'cookies',
  'third_party_cookies',
  'third_party_hosts',
  'storage_items',
  'findings',
]);
export type TrendMetric = z.infer<typeof trendMetricSchema>;

/** Length of one step of a trend. */
export const trendStepSchema = z.enum(['day', 'week', 'month']);
export type TrendStep = z.infer<typeof trendStepSchema>;

/** The course of one number over time. */
export const trendDataSchema = z.object({
  metric: trendMetricSchema,
  step: trendStepSchema,
  /** In order of time, without gaps. */
  points: z.array(
    z.object({
      /** Beginning of the step, UTC. */
      from: z.iso.datetime(),
      /** Mean over the scans of the step; null when there was none. */
      value: z.number().nullable(),
      scanCount: countSchema,
    }),
  ),
});
export type TrendData = z.infer<typeof trendDataSchema>;

/** Something that stands out from a site's own past. */
export const anomalySchema = z.object({
  id: idSchema,
  domainId: idSchema,
  scanId: idSchema,
  kind: anomalyKindSchema,
  severity: severitySchema,
  /** What the site's past let expect; null where no number says it. */
  expected: z.number().nullable(),
  observed: z.number().nullable(),
  /** One sentence for people. */
  explanation: z.string(),
  detectedAt: z.iso.datetime(),
  ...rowTimes,
});
export type Anomaly = z.infer<typeof anomalySchema>;

import { z } from 'zod';
import { screenshotModeSchema } from './scan-file.ts';
import {
  depthMaxSchema,
  jarModeSchema,
  localeSchema,
  pagesMaxSchema,
  robotsPolicySchema,
  samplesPerPatternMaxSchema,
  userAgentSchema,
  viewportSchema,
} from './scan-options.ts';
import { timeZoneSchema } from './time-zone.ts';
import { workerLabelsSchema } from './worker-labels.ts';

/** Where a scan stands. The last five are terminal. */
export const scanStatusSchema = z.enum([
  'queued',
  'running',
  'success',
  'partial',
  'blocked',
  'failed',
  'cancelled',
]);
export type ScanStatus = z.infer<typeof scanStatusSchema>;

const TERMINAL_STATUSES: ReadonlySet<ScanStatus> = new Set([
  'success',
  'partial',
  'blocked',
  'failed',
  'cancelled',
]);

/** True when a scan in this status never changes again. */
export function isTerminalStatus(status: ScanStatus): boolean {
  return TERMINAL_STATUSES.has(status);
}

/**
 * How far a scan goes: `quick` one page, `standard` the start page plus a few that it leads to, `deep` a crawl by links
 * and sitemaps, `consent_audit` every consent state in its own clean profile.
 */
export const scanModeSchema = z.enum(['quick', 'standard', 'deep', 'consent_audit']);
export type ScanMode = z.infer<typeof scanModeSchema>;

/** What asked for a scan: a person, a program with an API key, a list of URLs, a schedule, or a scan to repeat. */
export const scanTriggerSchema = z.enum(['manual', 'api', 'bulk', 'schedule', 'retry']);
export type ScanTrigger = z.infer<typeof scanTriggerSchema>;

/** What the visitor did about consent: nothing, by the banner, by Global Privacy Control, or by both. */
export const consentStateSchema = z.enum(['untouched', 'accept', 'reject', 'gpc', 'gpc_reject']);
export type ConsentState = z.infer<typeof consentStateSchema>;

/**
 * What a visitor holds in the hands: a preset of visible size, touch, and the user agent with its client hints.
 * `desktop` is the browser as it is.
 */
export const visitorDeviceSchema = z.enum(['desktop', 'phone', 'tablet']);
export type VisitorDevice = z.infer<typeof visitorDeviceSchema>;

/** Parameters of one scan, as run. */
export const scanParamsSchema = z.strictObject({
  mode: scanModeSchema.default('quick'),
  /** Hard limit of the whole scan; what was seen until then is kept. */
  timeoutMs: z.number().int().min(5_000).max(600_000).default(60_000),
  /** Pages at most, the start page included; null for the mode's own number. */
  pagesMax: pagesMaxSchema.nullable().default(null),
  /** Null for the mode's own number. */
  depthMax: depthMaxSchema.nullable().default(null),
  samplesPerPatternMax: samplesPerPatternMaxSchema.default(10),
  robots: robotsPolicySchema.default('respect'),
  jar: jarModeSchema.default('session'),
  device: visitorDeviceSchema.default('desktop'),
  /** Visible size in place of the device's; null for the device's own. */
  viewport: viewportSchema.nullable().default(null),
  /** Language of the visitor, in headers and in scripts; null for English as spoken in the United States. */
  locale: localeSchema.nullable().default(null),
  /** Null for the zone of the machine that scans. */
  timeZone: timeZoneSchema.nullable().default(null),
  /** In place of the device's; null for the device's own. */
  userAgent: userAgentSchema.nullable().default(null),
  /** Pictures of the first pages, taken after they have lived and before they are left. */
  screenshots: screenshotModeSchema.default('none'),
  /** Record every request with its headers as an HTTP Archive. */
  har: z.boolean().default(false),
  /**
   * Type made-up words into forms, without ever sending one, to see who listens. Quick scans and those that audit
   * consent type nothing.
   */
  typeIntoForms: z.boolean().default(true),
  /**
   * Ask servers for no more than the beginning of large images and recordings, and for no large fonts. Has no effect
   * where pictures are taken. Slow lines are spared; elsewhere it costs more than it saves, so that it is off.
   */
  skipMediaBodies: z.boolean().default(false),
  /** Labels that a worker must have to run the scan; without any, every worker may. */
  workerLabels: workerLabelsSchema.default([]),
});
export type ScanParams = z.infer<typeof scanParamsSchema>;
/** The same as it is asked for: what is left out takes its default. */
export type ScanParamsInput = z.input<typeof scanParamsSchema>;

/** Steps of a running scan, in order. */
export const scanStageSchema = z.enum([
  'queued',
  'claimed',
  'launching',
  'navigating',
  'settling',
  'leaving',
  'collecting',
  'storing',
  'finished',
]);
export type ScanStage = z.infer<typeof scanStageSchema>;

/** What a scan waits for that no worker offers now. */
export const waitsForWorkerSchema = z.object({
  /** A worker with all of these would take it. */
  labels: z.array(z.string()),
  since: z.iso.datetime(),
});
export type WaitsForWorker = z.infer<typeof waitsForWorkerSchema>;

/** One sign of life of a running scan. A hint for people; the row in the database is the truth. */
export const scanProgressSchema = z.object({
  scanId: z.uuid(),
  stage: scanStageSchema,
  /** Attempt that reports, counted from 1; 0 while queued. */
  attempt: z.number().int().min(0),
  /** Pages finished and known so far. */
  pagesDone: z.number().int().min(0).default(0),
  pagesKnown: z.number().int().min(0).default(0),
  /** Distinct cookies seen so far. */
  cookiesSeen: z.number().int().min(0).default(0),
  /** Why it waits although workers may be free; absent unless no worker has the labels that it asks for. */
  waitsForWorker: waitsForWorkerSchema.optional(),
  /** Consent state that is being looked at; null in modes with only one. */
  consentState: consentStateSchema.nullable().default(null),
  at: z.iso.datetime(),
});
export type ScanProgress = z.infer<typeof scanProgressSchema>;

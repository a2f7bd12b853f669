import { z } from 'zod';
import { idSchema, rowTimes } from './id.ts';
import { safeString, sha256Schema, uniqueArray } from './text.ts';
import { timeRangeSchema } from './time-range.ts';

/** What a report is about: one scan, how sites stand against the rules, their course over time, or two scans. */
export const reportTypeSchema = z.enum(['scan', 'compliance', 'trends', 'comparison']);
export type ReportType = z.infer<typeof reportTypeSchema>;

/**
 * Format of a report that can be downloaded. A further one is a word here, a value of the database's enum and a
 * renderer in the report service, which does not compile without it.
 */
export const reportFormatSchema = z.enum(['html', 'json']);
export type ReportFormat = z.infer<typeof reportFormatSchema>;

/** State of a report. */
export const reportStateSchema = z.enum(['queued', 'ready', 'failed']);
export type ReportState = z.infer<typeof reportStateSchema>;

const SITES_MAX = 1_000;
const reportTitleSchema = safeString(200);
const domainIdsSchema = uniqueArray(idSchema).min(1).max(SITES_MAX);

/** What a report covers, by its type. Sites are those of the workspace that asks. */
export const reportSubjectSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('scan'), scanId: idSchema }),
  z.strictObject({ type: z.literal('compliance'), domainIds: domainIdsSchema }),
  z.strictObject({ type: z.literal('trends'), domainIds: domainIdsSchema, range: timeRangeSchema }),
  z
    .strictObject({ type: z.literal('comparison'), baseScanId: idSchema, scanId: idSchema })
    .refine(({ baseScanId, scanId }) => baseScanId !== scanId, {
      error: 'is the scan to compare with itself',
      path: ['scanId'],
    }),
]);
export type ReportSubject = z.infer<typeof reportSubjectSchema>;

/** One rendered document, or one that is being made. */
export const reportSchema = z.object({
  id: idSchema,
  /** Null for the reports that every scan gets by itself outside a workspace. */
  workspaceId: idSchema.nullable(),
  /** Who asked for it; null for the platform itself. */
  requestedBy: idSchema.nullable(),
  subject: reportSubjectSchema,
  format: reportFormatSchema,
  /** Empty for the title that the subject gives. */
  title: z.string(),
  state: reportStateSchema,
  failureReason: z.string().nullable(),
  /** Null until the report is ready. */
  sha256: sha256Schema.nullable(),
  sizeBytes: z.number().int().min(0).nullable(),
  ...rowTimes,
});
export type Report = z.infer<typeof reportSchema>;

/** What is needed to ask for a report. */
export const reportCreateSchema = z.strictObject({
  subject: reportSubjectSchema,
  format: reportFormatSchema.default('html'),
  title: reportTitleSchema.default(''),
});
export type ReportCreate = z.infer<typeof reportCreateSchema>;

import { z } from 'zod';
import { idSchema } from './id.ts';
import { scanStatusSchema } from './scan.ts';

/** Scans that were submitted together, and how far they are. */
export const scanBatchSchema = z.object({
  id: idSchema,
  name: z.string(),
  /** How many were submitted. */
  scanCount: z.number().int().min(1),
  /** How many of those that are still kept stand where. */
  counts: z.record(scanStatusSchema, z.number().int().min(0)),
  /** True when none of them waits or runs. */
  isFinished: z.boolean(),
  createdAt: z.iso.datetime(),
});
export type ScanBatch = z.infer<typeof scanBatchSchema>;

/** A page of batches. `nextCursor` is null on the last one. */
export const scanBatchPageSchema = z.object({
  items: z.array(scanBatchSchema),
  nextCursor: z.string().nullable(),
});
export type ScanBatchPage = z.infer<typeof scanBatchPageSchema>;

/** What became of a bulk submission. */
export const bulkScanAnswerSchema = z.object({
  batch: scanBatchSchema,
  /** Rows that named a URL of an earlier row again. */
  duplicateCount: z.number().int().min(0),
  /** Rows of which no scan came. */
  refused: z.array(
    z.object({
      /** Place in `urls` from 1; in CSV and NDJSON the line of the file. */
      row: z.number().int().min(1),
      /** As of a problem. */
      code: z.string(),
      detail: z.string(),
    }),
  ),
});
export type BulkScanAnswer = z.infer<typeof bulkScanAnswerSchema>;

import { z } from 'zod';
import { defineQueue } from './define-queue.ts';

/** Asks the report service to judge a finished scan. */
export const analyseScanQueue = defineQueue({
  name: 'analyse-scan',
  payload: z.object({
    scanId: z.uuid(),
    /** Tells one repetition from another and from the first time, whose job the queue still knows. Added 2026-11. */
    again: z.uuid().optional(),
  }),
  jobId: ({ scanId, again }) => `analyse-${scanId}${again === undefined ? '' : `-${again}`}`,
  attempts: 5,
  backoffMs: 2_000,
  timeoutMs: 60_000,
});

export type AnalyseScanJob = z.infer<typeof analyseScanQueue.payload>;

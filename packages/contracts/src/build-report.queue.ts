import { z } from 'zod';
import { defineQueue } from './define-queue.ts';

/** Asks the report service to render one report, whose row already exists. */
export const buildReportQueue = defineQueue({
  name: 'build-report',
  payload: z.object({
    reportId: z.uuid(),
    /** As in `analyse-scan`, which it follows. Added 2026-11. */
    again: z.uuid().optional(),
  }),
  jobId: ({ reportId, again }) => `report-${reportId}${again === undefined ? '' : `-${again}`}`,
  attempts: 5,
  backoffMs: 2_000,
  timeoutMs: 120_000,
});

export type BuildReportJob = z.infer<typeof buildReportQueue.payload>;

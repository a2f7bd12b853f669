import { z } from 'zod';
import { defineQueue } from './define-queue.ts';

/** Asks a worker to scan one site. Carries ids only; the worker reads the scan's row itself. */
export const scanSiteQueue = defineQueue({
  name: 'scan-site',
  payload: z.object({
    scanId: z.uuid(),
    /** Counts how often the reconciler offered the scan, so that a re-offer is a new job; 0 at submission. */
    offer: z.number().int().min(0).default(0),
  }),
  jobId: ({ scanId, offer }) => `scan-${scanId}-${offer}`,
  attempts: 3,
  backoffMs: 5_000,
  timeoutMs: 660_000,
});

export type ScanSiteJob = z.infer<typeof scanSiteQueue.payload>;

import { z } from 'zod';
import { defineQueue } from './define-queue.ts';

/** BullMQ takes no greater number; scans behind it come in the order of arrival. */
const PRIORITY_MAX = 2_097_151;

/** Asks a worker to scan one site. Carries ids only; the worker reads the scan's row itself. */
export const scanSiteQueue = defineQueue({
  name: 'scan-site',
  payload: z.object({
    scanId: z.uuid(),
    /** Counts how often the reconciler offered the scan, so that a re-offer is a new job; 0 at submission. */
    offer: z.number().int().min(0).default(0),
    /** When it is the scan's turn among those that wait; given by the outbox, so absent there. Added 2026-11. */
    turn: z.number().int().min(0).optional(),
    /** Labels that the scan asks for, which decide the queue; given by the outbox, so absent there. Added 2026-11. */
    workerLabels: z.array(z.string()).optional(),
  }),
  priority: ({ turn = 0 }) => Math.min(turn + 1, PRIORITY_MAX),
  jobId: ({ scanId, offer }) => `scan-${scanId}-${offer}`,
  isOfferedAgain: true,
  attempts: 3,
  backoffMs: 5_000,
  timeoutMs: 660_000,
});

/**
 * The queue of the scans that ask for these labels: `scan-site` for those that ask for none, else one of their own, whose
 * name comes from the labels alone, so that whoever hands over and whoever takes agree without asking.
 */
export function scanSiteQueueOf(workerLabels: readonly string[]): typeof scanSiteQueue {
  if (workerLabels.length === 0) return scanSiteQueue;
  return { ...scanSiteQueue, name: `${scanSiteQueue.name}.${workerLabels.toSorted().join('+')}` };
}

export type ScanSiteJob = z.infer<typeof scanSiteQueue.payload>;

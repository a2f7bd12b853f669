import { z } from 'zod';

/** A process that takes scans, as it said of itself when it last gave a sign of life. */
export const workerSchema = z.object({
  /** Host, process and a random part. */
  name: z.string(),
  /** Scans that ask for some of these, or for none, may run on it. */
  labels: z.array(z.string()),
  version: z.string(),
  /** Scans that it runs at the same time. */
  slots: z.number().int().min(1),
  /** Scans that it is at work on. */
  running: z.number().int().min(0),
  startedAt: z.iso.datetime(),
  seenAt: z.iso.datetime(),
  /** False when it was silent for so long that nobody counts on it; it is forgotten after a day. */
  isAlive: z.boolean(),
});
export type Worker = z.infer<typeof workerSchema>;

/** Every worker that gave a sign of life within a day. */
export const workerListSchema = z.object({ items: z.array(workerSchema) });
export type WorkerList = z.infer<typeof workerListSchema>;

/** Scans that ask for the same labels, and whether somebody serves them. */
export const workerPoolSchema = z.object({
  /** What the scans ask for; empty for those that any worker may run. */
  labels: z.array(z.string()),
  /** Workers alive that have all of these labels. */
  workers: z.number().int().min(0),
  waiting: z.number().int().min(0),
  running: z.number().int().min(0),
  /** Since when no worker has these labels while scans wait for one; null when there is one. */
  missingSince: z.iso.datetime().nullable(),
});
export type WorkerPool = z.infer<typeof workerPoolSchema>;

import { z } from 'zod';
import { trendStepSchema } from './analytics.ts';
import { scanStatusSchema } from './scan.ts';
import { workerPoolSchema } from './worker.ts';

const countSchema = z.number().int().min(0);

/** What can be followed over time with the numbers that every scan keeps. */
export const followedMetricSchema = z.enum([
  'score',
  'cookies',
  'third_party_cookies',
  'storage_items',
  'findings',
]);
export type FollowedMetric = z.infer<typeof followedMetricSchema>;

/** How many scans of a workspace were submitted when, and how they ended. */
export const scanCountsSchema = z.object({
  step: trendStepSchema,
  /** In order of time, without gaps. */
  points: z.array(
    z.object({
      /** Beginning of the step, UTC. */
      from: z.iso.datetime(),
      counts: z.record(scanStatusSchema, countSchema),
    }),
  ),
});
export type ScanCounts = z.infer<typeof scanCountsSchema>;

/** What a list of the most common counts: names of cookies, makers of what sets them, or hosts of third parties. */
export const topKindSchema = z.enum(['cookies', 'vendors', 'third_parties']);
export type TopKind = z.infer<typeof topKindSchema>;

/** What is found on most sites of a workspace. */
export const topListSchema = z.object({
  kind: topKindSchema,
  /** The most common first. */
  items: z.array(
    z.object({
      name: z.string(),
      /** Sites on which it was seen. */
      siteCount: countSchema,
      /** Cookies of that name, vendor or host on all these sites. */
      cookieCount: countSchema,
    }),
  ),
});
export type TopList = z.infer<typeof topListSchema>;

/** How much waits in one queue. */
export const queueSummarySchema = z.object({
  items: z.array(
    z.object({
      name: z.string(),
      isPaused: z.boolean(),
      counts: z.object({
        waiting: countSchema,
        active: countSchema,
        delayed: countSchema,
        failed: countSchema,
        completed: countSchema,
      }),
    }),
  ),
  /** The scans that wait or run by the labels that they ask for, the ones without a worker first; at most 100. */
  pools: z.array(workerPoolSchema).default([]),
});
export type QueueSummary = z.infer<typeof queueSummarySchema>;

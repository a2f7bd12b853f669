import { z } from 'zod';
import { complianceMetricsSchema } from './analytics.ts';
import { findingSchema } from './finding.ts';

/** How a scan stands against the rules, as the API shows it. */
export const scanFindingsSchema = z.object({
  /** Null until the scan has been analysed, and for a scan without an observation. */
  metrics: complianceMetricsSchema.nullable(),
  /** Version of the knowledge base that the judgement rests on; null until there is one. */
  knowledgeVersion: z.string().nullable(),
  /** The gravest first. */
  items: z.array(findingSchema),
  /** Null on the last page. */
  nextCursor: z.string().nullable(),
});
export type ScanFindings = z.infer<typeof scanFindingsSchema>;

import { z } from 'zod';
import { readLedger } from '../programs/ledger.ts';

const stackFactsSchema = z.object({
  state: z.enum(['starting', 'ready', 'stopping']),
  /** `scan` ends with the command that started it; `start` stays up until it is stopped. */
  purpose: z.enum(['scan', 'start']),
  settingsFingerprint: z.string(),
  gatewayUrl: z.string().nullable(),
});

/** What the owner of a running stack tells others about it. */
export type StackFacts = z.infer<typeof stackFactsSchema>;

/** Why a command wants the stack. */
export type StackPurpose = StackFacts['purpose'];

/** What the owner of the stack says now; null when there is no owner, or none that has said anything yet. */
export function readStackFacts(ledgerPath: string): StackFacts | null {
  const result = stackFactsSchema.safeParse(readLedger(ledgerPath)?.facts);
  return result.success ? result.data : null;
}

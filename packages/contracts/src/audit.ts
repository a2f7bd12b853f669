import { z } from 'zod';
import { idSchema } from './id.ts';
import { sha256Schema } from './text.ts';

/** Who acted. `system` is the platform itself. */
export const auditActorKindSchema = z.enum(['user', 'api_key', 'system', 'anonymous']);
export type AuditActorKind = z.infer<typeof auditActorKindSchema>;

/** How an action ended. */
export const auditOutcomeSchema = z.enum(['done', 'refused', 'failed']);
export type AuditOutcome = z.infer<typeof auditOutcomeSchema>;

/** What was done: resource and verb, such as `api_key.create`. */
export const auditActionSchema = z
  .string()
  .regex(/^[a-z]+(?:_[a-z]+)*\.[a-z]+(?:_[a-z]+)*$/)
  .max(80);

/** One line of the audit log. Lines are only ever added; each carries the hash of the one before. */
export const auditLogSchema = z.object({
  id: idSchema,
  /** Place in the chain, from 1, without gaps. A string, because it may outgrow a number. */
  sequence: z.string().regex(/^[1-9]\d*$/),
  at: z.iso.datetime(),
  actorKind: auditActorKindSchema,
  /** Account or key; null for the platform and for strangers. */
  actorId: idSchema.nullable(),
  action: auditActionSchema,
  outcome: auditOutcomeSchema,
  workspaceId: idSchema.nullable(),
  /** What it was done to, such as `scan`; null when it was nothing in particular. */
  targetKind: z.string().nullable(),
  targetId: z.string().nullable(),
  address: z.string().nullable(),
  userAgent: z.string().nullable(),
  /** The target before and after, without secrets; null when there was none. */
  before: z.record(z.string(), z.unknown()).nullable(),
  after: z.record(z.string(), z.unknown()).nullable(),
  /** 64 zeros on the first line. */
  previousHash: sha256Schema,
  hash: sha256Schema,
});
export type AuditLog = z.infer<typeof auditLogSchema>;

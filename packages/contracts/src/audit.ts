import { z } from 'zod';
import { idSchema } from './id.ts';
import { sha256Schema } from './text.ts';

/** Who acted. `system` is the platform itself. */
export const auditActorKindSchema = z.enum(['user', 'api_key', 'system', 'anonymous']);
export type AuditActorKind = z.infer<typeof auditActorKindSchema>;

/** How an action ended. */
export const auditOutcomeSchema = z.enum(['done', 'refused', 'failed']);
export type AuditOutcome = z.infer<typeof auditOutcomeSchema>;

/** What a signed place of a chain says: its newest line at a time, or up to where retention removed it. */
export const auditAnchorKindSchema = z.enum(['head', 'start']);

/**
 * A place of a chain of the audit log, signed with a key that is not in the database: the hash that the line at this
 * place had. Kept outside the database it shows when a chain was cut or written anew.
 */
export const auditAnchorSchema = z.object({
  kind: auditAnchorKindSchema,
  /** Id of a workspace, or `platform`. */
  chain: z.string().min(1).max(64),
  /** Place of the line in its chain. */
  sequence: z.number().int().min(1),
  hash: sha256Schema,
  signedAt: z.iso.datetime({ precision: 3 }),
  /** Names the key: the first 16 hexadecimal digits of the SHA-256 of its public half. */
  keyId: z.string().regex(/^[0-9a-f]{16}$/),
  /** Ed25519, as base64url. */
  signature: z.string().regex(/^[A-Za-z0-9_-]{86}$/),
});
export type AuditAnchor = z.infer<typeof auditAnchorSchema>;

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

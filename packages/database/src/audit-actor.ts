import type { AuditEntry } from './audit.repository.ts';

/** Who does something, and from where: the part of an audit entry that every change is told. */
export type AuditActor = Pick<
  AuditEntry,
  'actorKind' | 'actorId' | 'actorName' | 'ip' | 'userAgent' | 'requestId'
>;

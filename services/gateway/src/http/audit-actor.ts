import type { Caller } from '@cookie-scanner/auth';
import type { AuditActor } from '@cookie-scanner/database';
import type { Request, Response } from 'express';
import { clientOf } from './client.ts';

/** Who sends a request, as the audit log names them; null for a stranger. */
export function auditActorOf(caller: Caller | null, request: Request, response: Response): AuditActor {
  const { address, userAgent, requestId } = clientOf(request, response);
  return {
    ...whoIs(caller),
    ...(address === null ? {} : { ip: address }),
    ...(userAgent === null ? {} : { userAgent }),
    ...(requestId === null ? {} : { requestId }),
  };
}

function whoIs(caller: Caller | null): AuditActor {
  switch (caller?.kind) {
    case 'person':
      return { actorKind: 'user', actorId: caller.userId, actorName: caller.email };
    case 'program':
      return { actorKind: 'api_key', actorId: caller.keyId, actorName: caller.keyName };
    case undefined:
      return { actorKind: 'anonymous' };
  }
}

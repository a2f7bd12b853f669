import type { AuditRepository } from '@cookie-scanner/database';
import { isAppError, type ErrorCode } from '@cookie-scanner/errors';
import type { ErrorRequestHandler, Request } from 'express';
import { auditActorOf } from '../http/audit-actor.ts';
import { contextOf } from '../http/request-context.ts';

/** What belongs into the audit log when somebody is refused for who they are. */
const RECORDED: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'AUTHENTICATION_REQUIRED',
  'MFA_REQUIRED',
  'CROSS_SITE_REFUSED',
  'LAST_ADMIN',
  'CREDENTIALS_WRONG',
  'TOKEN_INVALID',
  'TOO_MANY_ATTEMPTS',
  'PERMISSION_DENIED',
  'STEP_UP_REQUIRED',
  'WORKSPACE_NOT_FOUND',
  'INVITATION_INVALID',
  'RESET_INVALID',
]);

/** A flood of refusals must not become a flood of rows; the log and the metrics still count each. */
const RECORDED_PER_MINUTE_MAX = { known: 300, stranger: 60 } as const;
const MINUTE_MS = 60_000;

/**
 * Records who was refused, in the chain of the platform: whoever is refused has no say in a workspace's. The refusal
 * itself does not wait for it to succeed.
 */
export function recordRefusal(audit: Pick<AuditRepository, 'append'>): ErrorRequestHandler {
  let minute = 0;
  let recorded = { known: 0, stranger: 0 };
  // Apart, so that strangers who knock a thousand times hide nothing that members try.
  const hasRoom = (who: keyof typeof recorded): boolean => {
    const now = Math.floor(performance.now() / MINUTE_MS);
    if (now !== minute) recorded = { known: 0, stranger: 0 };
    minute = now;
    recorded[who] += 1;
    return recorded[who] <= RECORDED_PER_MINUTE_MAX[who];
  };

  return async (error: unknown, request, response, next) => {
    const { caller, log } = contextOf(response);
    if (isAppError(error) && RECORDED.has(error.code) && hasRoom(caller ? 'known' : 'stranger')) {
      await audit
        .append({
          ...auditActorOf(caller, request, response),
          action: 'request.refuse',
          outcome: 'refused',
          targetType: 'route',
          targetId: `${request.method} ${routeOf(request)}`,
          after: { code: error.code },
        })
        .catch((failure: unknown) => log.warn('a refusal could not be recorded', { error: failure }));
    }
    next(error);
  };
}

/** The pattern that matched, not the path: ids that somebody tried say nothing. */
function routeOf(request: Request): string {
  const route: unknown = request.route;
  const path = typeof route === 'object' && route !== null && 'path' in route ? route.path : null;
  return typeof path === 'string' ? path : 'none';
}

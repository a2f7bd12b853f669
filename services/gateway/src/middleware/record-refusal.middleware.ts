import type { AuditRepository } from '@cookie-scanner/database';
import { isAppError, type ErrorCode } from '@cookie-scanner/errors';
import type { ErrorRequestHandler, Request } from 'express';
import { auditActorOf } from '../http/audit-actor.ts';
import { contextOf } from '../http/request-context.ts';

/** What belongs into the audit log when somebody is refused for who they are. */
const RECORDED: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
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
const RECORDED_PER_MINUTE_MAX = 300;
const MINUTE_MS = 60_000;

/**
 * Records who was refused, in the chain of the platform: whoever is refused has no say in a workspace's. The refusal
 * itself does not wait for it to succeed.
 */
export function recordRefusal(audit: Pick<AuditRepository, 'append'>): ErrorRequestHandler {
  let minute = 0;
  let recorded = 0;
  const hasRoom = (): boolean => {
    const now = Math.floor(performance.now() / MINUTE_MS);
    recorded = now === minute ? recorded + 1 : 1;
    minute = now;
    return recorded <= RECORDED_PER_MINUTE_MAX;
  };

  return async (error: unknown, request, response, next) => {
    if (isAppError(error) && RECORDED.has(error.code) && hasRoom()) {
      const { caller, log } = contextOf(response);
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

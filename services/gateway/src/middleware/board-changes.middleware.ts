import type { AuditRepository } from '@cookie-scanner/database';
import { AppError } from '@cookie-scanner/errors';
import type { BoardQueue } from '@cookie-scanner/queues';
import type { RequestHandler } from 'express';
import { boardActionOf, type BoardAction } from '../board/board-action.ts';
import { changeRefusal } from '../board/change-refusal.ts';
import { auditActorOf } from '../http/audit-actor.ts';
import type { BoardGrant } from '../http/board-grant.ts';
import { contextOf } from '../http/request-context.ts';

interface ChangesOptions {
  /** Whether anybody may change queues here at all. */
  readonly isWritable: boolean;
  readonly grant: BoardGrant;
  readonly audit: Pick<AuditRepository, 'append'>;
  readonly queues: readonly BoardQueue[];
}

/** Nothing that changes queues gets through without leave to, and nothing unrecorded. Whoever tries without is recorded too. */
export function boardChanges({ isWritable, grant, audit, queues }: ChangesOptions): RequestHandler {
  return async (request, response, next) => {
    if (request.method === 'GET' || request.method === 'HEAD') {
      next();
      return;
    }
    const { caller, log } = contextOf(response);
    if (!isWritable || caller?.kind !== 'person') {
      response.setHeader('Allow', 'GET, HEAD');
      throw new AppError('PERMISSION_DENIED', 'The queues can be looked at only.');
    }
    if (!grant.isGiven(request, caller)) {
      throw new AppError(
        'STEP_UP_REQUIRED',
        'Prove again who you are, at /account/queues, to change queues.',
      );
    }
    if (!grant.isEchoed(request)) {
      throw new AppError('CROSS_SITE_REFUSED', 'Only the pages of Bull Board may change queues.');
    }
    const action = boardActionOf(request.method, request.path);
    if (!action) throw new AppError('PERMISSION_DENIED', 'This is not done to queues by hand.');
    const refusal = await changeRefusal(action, queues);
    if (refusal !== null) throw new AppError('CONFLICT', refusal);
    const entry = { ...auditActorOf(caller, request, response), ...entryOf(action) };
    // What cannot be recorded is not done.
    await audit.append({ ...entry, after: { ...entry.after, step: 'begun' } });
    response.once('close', () => {
      const { statusCode: status } = response;
      const after = { ...entry.after, step: 'over', status };
      audit
        .append({ ...entry, outcome: status < 400 ? 'done' : 'failed', after })
        .catch((error: unknown) => log.error('what came of a change of queues is not recorded', { error }));
    });
    next();
  };
}

function entryOf({ verb, queue, jobId, state }: BoardAction) {
  return {
    action: `queues.${verb}`,
    targetType: 'queue',
    targetId: queue ?? 'all',
    after: { ...(jobId === null ? {} : { jobId }), ...(state === null ? {} : { state }) },
  };
}

import type { IncomingMessage, RequestListener } from 'node:http';
import { queryOnce } from '@cookie-scanner/database/testing';
import { API_BASE_PATH } from '../openapi.ts';

/** Operations that change nothing that is anybody's, and so leave nothing in the audit log, each with its reason. */
const UNRECORDED: ReadonlyMap<string, string> = new Map([
  ['POST /auth/refresh', 'keeps a session going; what is recorded is its begin and its end'],
  ['POST /auth/logout', 'answers alike when there was no session to end'],
  ['DELETE /auth/queues-session', 'makes a browser forget its cookies, without asking whose they are'],
  ['POST /auth/step-up', 'proves who somebody is; what they do then is recorded'],
  ['POST /auth/step-up/passkey', 'likewise'],
  ['POST /auth/step-up/passkey/options', 'hands out a challenge'],
  ['POST /auth/password-reset', 'answers alike when there is no such account'],
  ['POST /auth/login/passkey/options', 'hands out a challenge'],
  ['POST /me/passkeys/options', 'hands out a challenge'],
  ['POST /me/mfa', 'hands out a secret that counts for nothing until it is enabled'],
  ['DELETE /sessions', 'answers alike when there was no other session'],
  ['POST /schedules/preview', 'works out times and keeps nothing'],
  ['POST /workspaces/:workspaceId/live-tickets', 'opens a connection for some seconds, as reading does'],
  ['POST /notifications/read', "marks one's own notices"],
  ['POST /notifications/:notificationId/read', "marks one's own notice"],
]);

const CHANGING: ReadonlySet<string | undefined> = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** Sees to it that what changes something leaves an entry in the audit log, in every test that has a gateway. */
export interface WatchedChanges {
  /** The same gateway, watched. */
  readonly handler: RequestListener;
  /** @throws Error naming the operations that succeeded and left no entry with the id of their request */
  check(): Promise<void>;
}

interface WatchOptions {
  readonly databaseUrl: string;
  /** Then there is nobody to ask. */
  readonly isDatabaseAway?: boolean;
  /** False where requests are made up, so that some of them change nothing; true unless told. */
  readonly isAudited?: boolean;
}

/** Watches what a gateway is asked to change. */
export function watchChanges(
  handler: RequestListener,
  { databaseUrl, isDatabaseAway = false, isAudited = true }: WatchOptions,
): WatchedChanges {
  const requestIds = new Map<string, string[]>();
  return {
    handler(request, response) {
      response.once('finish', () => {
        const operation = operationOf(request);
        const requestId = response.getHeader('X-Request-Id');
        if (operation === null || response.statusCode >= 300 || typeof requestId !== 'string') return;
        requestIds.set(operation, [...(requestIds.get(operation) ?? []), requestId]);
      });
      handler(request, response);
    },
    async check() {
      if (requestIds.size === 0 || isDatabaseAway || !isAudited) return;
      const rows = await queryOnce<{ id: string }>(
        databaseUrl,
        'SELECT DISTINCT request_id AS id FROM audit_logs WHERE request_id = ANY ($1)',
        [[...requestIds.values()].flat()],
      );
      const recorded = new Set(rows.map(({ id }) => id));
      // Once is enough: asking again for what is done already changes nothing.
      const silent = [...requestIds].filter(([, ids]) => !ids.some((id) => recorded.has(id)));
      const names = silent.map(([operation]) => operation);
      if (names.length > 0) throw new Error(`left nothing in the audit log: ${names.sort().join(', ')}`);
    },
  };
}

/** Method and pattern of an operation of the API that changes something; null for anything else. */
function operationOf(
  request: IncomingMessage & { route?: { path?: unknown }; originalUrl?: string },
): string | null {
  const path = request.route?.path;
  if (!CHANGING.has(request.method) || typeof path !== 'string') return null;
  if (request.originalUrl?.startsWith(API_BASE_PATH) !== true) return null;
  const operation = `${request.method} ${path}`;
  return UNRECORDED.has(operation) ? null : operation;
}

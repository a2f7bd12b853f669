import { AppError } from '@cookie-scanner/errors';
import { z } from 'zod';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute } from '../http/api-route.ts';
import { jsonAnswer } from '../http/json-body.ts';
import { LIVE_PATH } from '../live/live-server.ts';
import { problemResponses } from './problem-responses.ts';

/** Leave to see who else is in a workspace, live. */
export function liveTicketsRoutes({ presence }: Pick<GatewayDeps, 'presence'>): ApiRoute[] {
  return [
    {
      permission: 'presence:join',
      method: 'post',
      path: '/workspaces/{workspaceId}/live-tickets',
      operation: {
        operationId: 'createLiveTicket',
        summary: 'Get leave to see who is in a workspace, live',
        description:
          `Opens one WebSocket at ${LIVE_PATH} within half a minute: offer the subprotocols cookie-scanner and the ticket. ` +
          'A ticket is good once, for this workspace and for the role that you have now. docs/LIVE.md says what is said there.',
        tags: ['Workspaces'],
        request: { params: z.object({ workspaceId: z.uuid() }) },
        responses: { 201: jsonAnswer('LiveTicket', 'The ticket.'), ...problemResponses(401, 404) },
      },
      async handle(_request, response, caller) {
        // The policy gives it to no key; the types do not know that.
        if (caller.kind !== 'person') throw new AppError('PERMISSION_DENIED', 'This is for people.');
        const { userId, workspaceId, sessionId, role } = caller;
        const issued = await presence.tickets.issue({ userId, workspaceId, sessionId, role });
        response.status(201).json({ ...issued, path: LIVE_PATH });
      },
    },
  ];
}

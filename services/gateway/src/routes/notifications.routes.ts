import { AppError } from '@cookie-scanner/errors';
import { z } from 'zod';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute } from '../http/api-route.ts';
import { jsonAnswer } from '../http/json-body.ts';
import { asPageRequest, documentedPageQueryShape, pageQueryShape } from '../http/page-query.ts';
import { parseQuery } from '../http/parse-input.ts';
import { uuidOf } from '../http/uuid.ts';
import { problemResponses } from './problem-responses.ts';

const TAGS = ['Notifications'];
const FILTERS = { unread: z.enum(['true', 'false']).optional() };
const listQuery = z.strictObject({ ...pageQueryShape, ...FILTERS });

/** What one was told in the product about a workspace. An API key sees what its creator was told. */
export function notificationsRoutes({ inWorkspace }: Pick<GatewayDeps, 'inWorkspace'>): ApiRoute[] {
  return [
    {
      permission: 'notifications:read',
      method: 'get',
      path: '/notifications',
      operation: {
        operationId: 'listNotifications',
        summary: 'List what you were told about a workspace',
        description: 'The newest first; with unread=true those that you have not read.',
        tags: TAGS,
        request: { query: z.strictObject({ ...documentedPageQueryShape, ...FILTERS }) },
        responses: { 200: jsonAnswer('InboxPage', 'One page.'), ...problemResponses(422) },
      },
      async handle(request, response, { workspaceId, userId }) {
        const { unread, ...page } = parseQuery(listQuery, request);
        const { inbox } = inWorkspace(workspaceId);
        const place = { workspaceId, userId };
        const wanted = { ...place, isUnread: unread === 'true', ...asPageRequest(page) };
        const [listed, unreadCount] = await Promise.all([inbox.list(wanted), inbox.countUnread(place)]);
        response.json({ ...listed, unreadCount });
      },
    },
    {
      permission: 'notifications:write',
      method: 'post',
      path: '/notifications/{notificationId}/read',
      operation: {
        operationId: 'readNotification',
        summary: 'Mark a notice as read',
        description: 'Again changes nothing.',
        tags: TAGS,
        request: { params: z.object({ notificationId: z.uuid() }) },
        responses: { 204: { description: 'Read.' }, ...problemResponses(404) },
      },
      async handle(request, response, { workspaceId, userId }) {
        const id = uuidOf(request.params['notificationId']);
        const { inbox } = inWorkspace(workspaceId);
        if (id === null || !(await inbox.markRead(id, { workspaceId, userId }))) {
          throw new AppError('NOTIFICATION_NOT_FOUND', 'There is no notice with this id.');
        }
        response.status(204).end();
      },
    },
    {
      permission: 'notifications:write',
      method: 'post',
      path: '/notifications/read',
      operation: {
        operationId: 'readAllNotifications',
        summary: 'Mark everything that you were told about a workspace as read',
        tags: TAGS,
        responses: { 204: { description: 'Read.' }, ...problemResponses() },
      },
      async handle(_request, response, { workspaceId, userId }) {
        await inWorkspace(workspaceId).inbox.markAllRead({ workspaceId, userId });
        response.status(204).end();
      },
    },
  ];
}

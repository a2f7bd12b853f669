import { notificationChoicesUpdateSchema } from '@cookie-scanner/contracts';
import { readJsonBody } from '../body/read-json-body.ts';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute } from '../http/api-route.ts';
import { auditActorOf } from '../http/audit-actor.ts';
import { jsonAnswer, jsonBody } from '../http/json-body.ts';
import { parseBody } from '../http/parse-input.ts';
import { problemResponses } from './problem-responses.ts';

const PATH = '/me/notification-preferences';
const TAGS = ['Notifications'];

/** How one wants to hear of what happens in one's workspaces. */
export function notificationChoicesRoutes({
  notificationChoices,
}: Pick<GatewayDeps, 'notificationChoices'>): ApiRoute[] {
  return [
    {
      permission: 'account:read',
      method: 'get',
      path: PATH,
      operation: {
        operationId: 'getNotificationPreferences',
        summary: 'Show how you hear of each event',
        tags: TAGS,
        responses: {
          200: jsonAnswer('NotificationChoices', 'Each event with its channels.'),
          ...problemResponses(),
        },
      },
      async handle(_request, response, { userId }) {
        response.json(await notificationChoices.of(userId));
      },
    },
    {
      permission: 'account:write',
      method: 'put',
      path: PATH,
      operation: {
        operationId: 'replaceNotificationPreferences',
        summary: 'Choose how you hear of each event',
        description:
          'Without channels you do not hear of an event. Events that are not named go back to the default: in the product, ' +
          'not by mail. Mails go out where the installation sends mails.',
        tags: TAGS,
        request: { body: jsonBody('NotificationChoicesUpdate') },
        responses: {
          200: jsonAnswer('NotificationChoices', 'Each event with its channels.'),
          ...problemResponses(413, 415, 422),
        },
      },
      async handle(request, response, person) {
        const update = parseBody(notificationChoicesUpdateSchema, await readJsonBody(request));
        const by = auditActorOf(person, request, response);
        response.json(await notificationChoices.replace(person.userId, update, by));
      },
    },
  ];
}

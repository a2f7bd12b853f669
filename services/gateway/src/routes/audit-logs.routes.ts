import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute } from '../http/api-route.ts';
import { jsonAnswer } from '../http/json-body.ts';
import { documentedPageQuery, pageRequestOf } from '../http/page-query.ts';
import { problemResponses } from './problem-responses.ts';

const TAGS = ['Audit'];
const PAGE = { 200: jsonAnswer('AuditLogPage', 'Newest first.'), ...problemResponses(422) };

/** Who did what, in a workspace and on the platform. */
export function auditLogsRoutes({ audit }: Pick<GatewayDeps, 'audit'>): ApiRoute[] {
  return [
    {
      permission: 'audit:read',
      method: 'get',
      path: '/audit-logs',
      operation: {
        operationId: 'listAuditLogs',
        summary: 'List who did what in a workspace',
        tags: TAGS,
        request: { query: documentedPageQuery },
        responses: PAGE,
      },
      async handle(request, response, { workspaceId }) {
        response.json(await audit.list({ workspaceId, ...pageRequestOf(request) }));
      },
    },
    {
      permission: 'platform_audit:read',
      method: 'get',
      path: '/platform/audit-logs',
      operation: {
        operationId: 'listPlatformAuditLogs',
        summary: 'List who did what on the platform, and who was refused',
        tags: TAGS,
        request: { query: documentedPageQuery },
        responses: PAGE,
      },
      async handle(request, response) {
        response.json(await audit.list({ workspaceId: null, ...pageRequestOf(request) }));
      },
    },
  ];
}

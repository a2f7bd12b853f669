import { categoryOverrideCreateSchema } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import { z } from 'zod';
import { readJsonBody } from '../body/read-json-body.ts';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute } from '../http/api-route.ts';
import { auditActorOf } from '../http/audit-actor.ts';
import { jsonAnswer, jsonBody } from '../http/json-body.ts';
import { documentedPageQuery, pageRequestOf } from '../http/page-query.ts';
import { parseBody } from '../http/parse-input.ts';
import { uuidOf } from '../http/uuid.ts';
import { problemResponses } from './problem-responses.ts';

type Deps = Pick<GatewayDeps, 'inWorkspace'>;

const PARAMS = z.object({ overrideId: z.uuid() });
const TAGS = ['Category overrides'];

/** What a workspace lays down that cookies are for. */
export function categoryOverridesRoutes(deps: Deps): ApiRoute[] {
  return [list(deps), put(deps), remove(deps)];
}

function list({ inWorkspace }: Deps): ApiRoute {
  return {
    permission: 'category_overrides:read',
    method: 'get',
    path: '/category-overrides',
    operation: {
      operationId: 'listCategoryOverrides',
      summary: 'List what the workspace laid down that cookies are for',
      tags: TAGS,
      request: { query: documentedPageQuery },
      responses: { 200: jsonAnswer('CategoryOverridePage', 'One page.'), ...problemResponses(422) },
    },
    async handle(request, response, { workspaceId }) {
      const { overrides } = inWorkspace(workspaceId);
      response.json(await overrides.listOfWorkspace({ workspaceId, ...pageRequestOf(request) }));
    },
  };
}

function put({ inWorkspace }: Deps): ApiRoute {
  return {
    permission: 'category_overrides:write',
    method: 'put',
    path: '/category-overrides',
    operation: {
      operationId: 'putCategoryOverride',
      summary: 'Lay down what cookies of a name are for',
      description:
        'It wins over everything that the platform knows, and each cookie that it decides about names it, with the reason ' +
        'and what would be said without it. Another one about the same name, match and domain takes its place. It counts ' +
        'for scans from now on; POST /scans/{scanId}/judge-again applies it to one that exists. Cookies are meant, and ' +
        'items of web storage of that key.',
      tags: TAGS,
      request: { body: jsonBody('CategoryOverrideCreate') },
      responses: {
        200: jsonAnswer('CategoryOverride', 'The decision.'),
        ...problemResponses(413, 415, 422),
      },
    },
    async handle(request, response, caller) {
      const wanted = parseBody(categoryOverrideCreateSchema, await readJsonBody(request));
      const { workspaceId } = caller;
      const by = auditActorOf(caller, request, response);
      response.json(await inWorkspace(workspaceId).overrides.put({ ...wanted, workspaceId }, by));
    },
  };
}

function remove({ inWorkspace }: Deps): ApiRoute {
  return {
    permission: 'category_overrides:write',
    method: 'delete',
    path: '/category-overrides/{overrideId}',
    operation: {
      operationId: 'deleteCategoryOverride',
      summary: 'Take a decision about cookies back',
      tags: TAGS,
      request: { params: PARAMS },
      responses: { 204: { description: 'Taken back.' }, ...problemResponses(404) },
    },
    async handle(request, response, caller) {
      const id = uuidOf(request.params['overrideId']);
      const by = auditActorOf(caller, request, response);
      const { overrides } = inWorkspace(caller.workspaceId);
      if (id === null || !(await overrides.remove(caller.workspaceId, id, by))) {
        throw new AppError('CATEGORY_OVERRIDE_NOT_FOUND', 'There is no category override with this id.');
      }
      response.status(204).end();
    },
  };
}

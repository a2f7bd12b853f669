import { z } from 'zod';
import type { ApiRoute } from '../http/api-route.ts';
import { openApiDocument } from '../openapi.ts';
import { problemResponses } from './problem-responses.ts';

/** The routes of the API and, as the last one, the document about all of them. */
export function withOpenApiRoute(routes: readonly ApiRoute[]): ApiRoute[] {
  const route: ApiRoute = {
    permission: 'public',
    method: 'get',
    path: '/openapi.json',
    operation: {
      operationId: 'getOpenApiDocument',
      summary: 'This document',
      tags: ['Document'],
      responses: {
        200: {
          description: 'OpenAPI 3.1.',
          content: { 'application/json': { schema: z.record(z.string(), z.unknown()) } },
        },
        ...problemResponses(),
      },
    },
    handle(_request, response) {
      response.json(document);
    },
  };
  const all = [...routes, route];
  const document = openApiDocument(all);
  return all;
}

import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import type { ApiRoute } from './http/api-route.ts';
import { namedSchemas } from './http/named-schemas.ts';

/** Path under which every operation of the document lies. */
export const API_BASE_PATH = '/api/v1';

/** The OpenAPI 3.1 document of these routes, made from the very schemas that check requests. */
export function openApiDocument(routes: readonly ApiRoute[]): object {
  const registry = new OpenAPIRegistry();
  for (const { method, path, operation } of routes) registry.registerPath({ ...operation, method, path });
  const document = new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Cookie Scanner',
      version: '1',
      description: 'Scans websites for cookies and other client-side storage, and says who set each.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: API_BASE_PATH }],
    tags: [{ name: 'Scans' }, { name: 'Reports' }, { name: 'Document' }],
  });
  return { ...document, components: { schemas: namedSchemas() } };
}

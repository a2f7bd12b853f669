import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import { ruleOf } from '@cookie-scanner/auth';
import type { ApiRoute } from './http/api-route.ts';
import { namedSchemas } from './http/named-schemas.ts';
import { problemResponses } from './routes/problem-responses.ts';

/** Path under which every operation of the document lies. */
export const API_BASE_PATH = '/api/v1';

const TAGS = [
  'Signing in',
  'Account',
  'API keys',
  'Workspaces',
  'Users',
  'Audit',
  'Scans',
  'Profiles',
  'Domains',
  'Cookies',
  'Analytics',
  'Queues',
  'Reports',
  'Webhooks',
  'Notifications',
  'Document',
];

const SECURITY_SCHEMES = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description: 'The access token of a login, or an API key. The scopes are what an API key needs.',
  },
};

/** The OpenAPI 3.1 document of these routes, made from the very schemas that check requests. */
export function openApiDocument(routes: readonly ApiRoute[]): object {
  const registry = new OpenAPIRegistry();
  for (const route of routes)
    registry.registerPath({ ...described(route), method: route.method, path: route.path });
  const document = new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Cookie Scanner',
      version: '1',
      description: 'Scans websites for cookies and other client-side storage, and says who set each.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: API_BASE_PATH }],
    tags: TAGS.map((name) => ({ name })),
  });
  return { ...document, components: { schemas: namedSchemas(), securitySchemes: SECURITY_SCHEMES } };
}

/** The operation with what its permission means to clients. */
function described(route: ApiRoute): ApiRoute['operation'] {
  const { operation, permission } = route;
  if (permission === 'public') return { ...operation, security: [] };
  const { level, scope } = ruleOf(permission);
  return {
    ...operation,
    security: [{ bearer: scope === null ? [] : [scope] }],
    responses: {
      ...problemResponses(401, ...(level === 'workspace' ? ([404] as const) : [])),
      ...operation.responses,
    },
    'x-permission': permission,
    'x-needs-fresh-proof': route.needsFreshProof ?? false,
  };
}

import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import { ruleOf } from '@cookie-scanner/auth';
import type { ApiRoute } from './http/api-route.ts';
import { namedSchemas } from './http/named-schemas.ts';
import { problemComponents, problemResponses } from './routes/problem-responses.ts';

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
  'Schedules',
  'Profiles',
  'Domains',
  'Findings',
  'Category overrides',
  'Baselines',
  'Cookies',
  'Analytics',
  'Queues',
  'Reports',
  'Webhooks',
  'Notifications',
  'Document',
];

/** What holds for every operation, in Markdown. */
const DESCRIPTION = `Scans websites for cookies and other client-side storage, and says who set each.

- **Who you are:** \`Authorization: Bearer …\`, an API key or the access token of a login. Members of several workspaces say
  which one they mean with \`X-Workspace-Id\`.
- **Lists** come in pages: pass \`nextCursor\` of one as \`cursor\` of the next, until it is null.
- **Refusals** are problems (RFC 9457): \`code\` is for programs, \`detail\` says what to do, \`errors\` which fields are meant.
- **Once:** what makes something takes an \`Idempotency-Key\`. Sent again within a day, it gives the first answer.
- **Changes** name the state that they are about: the \`ETag\` of what was read, as \`If-Match\`.
- **Limits:** \`RateLimit\` says how many more requests are answered in this minute, \`Retry-After\` when to come back.
- **Times** are UTC in ISO 8601. \`X-Request-Id\` finds the request in the log.`;

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
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: API_BASE_PATH }],
    tags: TAGS.map((name) => ({ name })),
  });
  const components = {
    schemas: namedSchemas(),
    responses: problemComponents(),
    securitySchemes: SECURITY_SCHEMES,
  };
  return { ...document, components };
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

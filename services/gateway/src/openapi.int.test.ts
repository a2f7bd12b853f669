import { readFileSync } from 'node:fs';
import { scanParamsSchema } from '@cookie-scanner/contracts';
import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { testRedis } from '@cookie-scanner/redis/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { startTestGateway, type TestGateway } from './testing/start-test-gateway.ts';

const redis = testRedis();
let database: TestDatabase;
let gateway: TestGateway;
let document: z.infer<typeof documentSchema>;

const operationSchema = z.looseObject({
  operationId: z.string(),
  summary: z.string(),
  tags: z.array(z.string()),
  responses: z.record(z.string(), z.looseObject({})),
});
const documentSchema = z.looseObject({
  openapi: z.literal('3.1.0'),
  servers: z.tuple([z.object({ url: z.literal('/api/v1') })]),
  tags: z.array(z.object({ name: z.string() })),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.looseObject({
    schemas: z.record(z.string(), z.unknown()),
    responses: z.record(z.string(), z.unknown()),
  }),
});

/** The part of Express's router that lists what is mounted. */
const layerSchema = z.object({
  route: z
    .object({ path: z.string(), stack: z.array(z.object({ method: z.string().optional() })) })
    .optional(),
  handle: z.unknown(),
});

beforeAll(async () => {
  database = await createTestDatabase();
  gateway = await startTestGateway({ databaseUrl: database.url, redis });
  document = documentSchema.parse(await (await gateway.fetch(`/openapi.json`)).json());
});
afterAll(async () => {
  await gateway.close();
  await database.drop();
});

/** Operations that the running router answers below `/api/v1`, as `get /scans/{scanId}`. */
function routedOperations(): string[] {
  const found: string[] = [];
  for (const layer of layersOf(gateway.app.router)) {
    const parsed = layerSchema.parse(layer);
    const isApi = layersOf(parsed.handle).some(
      (inner) => layerSchema.parse(inner).route?.path === '/openapi.json',
    );
    if (!isApi) continue;
    for (const inner of layersOf(parsed.handle)) {
      const { route } = layerSchema.parse(inner);
      const methods = route?.stack.flatMap(({ method }) => (method === undefined ? [] : [method])) ?? [];
      found.push(...methods.map((method) => `${method} ${route?.path.replace(/:(\w+)/g, '{$1}') ?? ''}`));
    }
  }
  return found.sort();
}

function layersOf(handler: unknown): unknown[] {
  if (typeof handler !== 'function' || !('stack' in handler)) return [];
  return Array.isArray(handler.stack) ? handler.stack : [];
}

describe('the OpenAPI document', () => {
  it('lists exactly the operations that the router answers', () => {
    const documented = Object.entries(document.paths)
      .flatMap(([path, operations]) => Object.keys(operations).map((method) => `${method} ${path}`))
      .sort();
    expect(documented).toEqual(routedOperations());
  });

  it('is the one that the client is made of; `npm run build` writes it there', () => {
    const path = new URL('../../../packages/api-client/openapi.json', import.meta.url);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(document);
  });

  it('names every operation once and documents its errors as problems', () => {
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    const tags = new Set(document.tags.map(({ name }) => name));
    expect(new Set(operations.flatMap((operation) => operation.tags))).toEqual(tags);
    for (const { responses } of operations) {
      for (const status of ['400', '403', '421', '429', '500', '503']) {
        expect(responses[status]).toEqual({ $ref: `#/components/responses/Problem${status}` });
      }
    }
  });

  it('refers to schemas that it contains, and is made from those that check requests', () => {
    const { components } = document;
    const references = JSON.stringify(document).matchAll(/"\$ref":"([^"]*)"/g);
    for (const [, reference = ''] of references) {
      const [, kind, name] = /^#\/components\/(schemas|responses)\/(\w+)$/.exec(reference) ?? [];
      const known = kind === 'schemas' || kind === 'responses' ? Object.keys(components[kind]) : [];
      expect(known).toContain(name ?? reference);
    }
    for (const response of Object.values(components.responses)) {
      expect(response).toMatchObject({
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      });
    }
    expect(document.components.schemas).toMatchObject({
      CreateScanBody: { additionalProperties: false, required: ['url'] },
      // An answer always has every parameter, because each takes its default.
      ScanResult: {
        type: 'object',
        properties: { params: { required: Object.keys(scanParamsSchema.shape) } },
      },
      ScanProgress: { type: 'object' },
      SiteObservation: { type: 'object' },
      CookiePage: { properties: { items: { items: { $ref: '#/components/schemas/Cookie' } } } },
    });
  });
});

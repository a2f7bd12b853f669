import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { schemaRef, type SchemaName } from './named-schemas.ts';

/** A JSON body that a request must have, for its part of the OpenAPI document. */
export function jsonBody(name: SchemaName): NonNullable<NonNullable<RouteConfig['request']>['body']> {
  return { required: true, content: { 'application/json': { schema: schemaRef(name) } } };
}

/** An answer with a JSON body, for its part of the OpenAPI document. */
export function jsonAnswer(name: SchemaName, description: string) {
  return { description, content: { 'application/json': { schema: schemaRef(name) } } };
}

import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { schemaRef, type SchemaName } from './named-schemas.ts';

/**
 * A JSON body that a request must have, for its part of the OpenAPI document.
 *
 * @param example - what a newcomer would send, where that is little of what may be sent
 */
export function jsonBody(
  name: SchemaName,
  example?: object,
): NonNullable<NonNullable<RouteConfig['request']>['body']> {
  const shown = example === undefined ? {} : { example };
  return { required: true, content: { 'application/json': { schema: schemaRef(name), ...shown } } };
}

/** An answer with a JSON body, for its part of the OpenAPI document. */
export function jsonAnswer(name: SchemaName, description: string) {
  return { description, content: { 'application/json': { schema: schemaRef(name) } } };
}

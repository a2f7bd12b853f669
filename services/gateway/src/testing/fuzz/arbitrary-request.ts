import fc, { type Arbitrary } from 'fast-check';
import { z } from 'zod';
import { anyJson, anyText, arbitraryOf, type Schema } from './arbitrary-of-schema.ts';

const schemaSchema = z.record(z.string(), z.unknown());
const operationSchema = z.object({
  operationId: z.string(),
  parameters: z
    .array(z.object({ name: z.string(), in: z.string(), schema: schemaSchema.default({}) }))
    .default([]),
  requestBody: z.object({ content: z.record(z.string(), z.object({ schema: schemaSchema })) }).optional(),
});
const documentSchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.object({ schemas: z.record(z.string(), schemaSchema) }),
});

/** A request as somebody might send it who has read the document, or has not. */
export interface FuzzRequest {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** Ids of things that are there, so that requests get further than to 404. */
export type KnownIds = Readonly<Record<string, readonly string[]>>;

/** Requests to every operation of an OpenAPI document but those that are left out. */
export function arbitraryRequest(
  document: unknown,
  known: KnownIds,
  isLeftOut: (operationId: string) => boolean,
): Arbitrary<FuzzRequest> {
  const { paths, components } = documentSchema.parse(document);
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { operationId }]) => !isLeftOut(operationId))
      .map(([method, operation]) => requestTo(path, method, operation, components.schemas, known)),
  );
  return fc.oneof(...operations);
}

function requestTo(
  path: string,
  method: string,
  { operationId, parameters, requestBody }: z.infer<typeof operationSchema>,
  named: Readonly<Record<string, Schema>>,
  known: KnownIds,
): Arbitrary<FuzzRequest> {
  const of = (place: string) => parameters.filter((parameter) => parameter.in === place);
  const ids = fc.record(
    Object.fromEntries(
      of('path').map(({ name, schema }) => [
        name,
        fc.oneof(
          { weight: 3, arbitrary: fc.constantFrom(...(known[name] ?? ['unknown'])) },
          { weight: 1, arbitrary: arbitraryOf(schema, named) },
        ),
      ]),
    ),
  );
  return fc
    .record({
      ids,
      query: queryOf(of('query'), named),
      headers: headersOf(of('header')),
      body: bodyOf(requestBody, named),
    })
    .map(({ ids: chosen, query, headers, body }) => ({
      operationId,
      method: method.toUpperCase(),
      path: path.replace(/\{(\w+)\}/g, (_, name: string) => encoded(chosen[name])) + query,
      headers: { ...headers, ...(body === null ? {} : { 'Content-Type': body.type }) },
      body: body?.text ?? null,
    }));
}

function queryOf(
  parameters: readonly { name: string; schema: Schema }[],
  named: Readonly<Record<string, Schema>>,
): Arbitrary<string> {
  const pairs = parameters.map(({ name, schema }) =>
    fc.option(
      arbitraryOf(schema, named).map((value) => `${name}=${encoded(value)}`),
      { nil: null, freq: 2 },
    ),
  );
  const stray = fc.option(
    fc.tuple(anyText, anyText).map(([name, value]) => `${encoded(name)}=${encoded(value)}`),
    { nil: null, freq: 2 },
  );
  return fc.tuple(fc.tuple(...pairs), fc.integer({ min: 0, max: 9 }), stray).map(([given, chance, extra]) => {
    const query = [...given, chance === 0 ? extra : null].filter((pair) => pair !== null).join('&');
    return query === '' ? '' : `?${query}`;
  });
}

function headersOf(parameters: readonly { name: string }[]): Arbitrary<Record<string, string>> {
  const value = fc.oneof(
    fc.constantFrom('*', '"x"', 'W/"x"', 'finished', '1.0-0-0', '', 'x'.repeat(300)),
    fc.uuid(),
  );
  return fc
    .record(
      Object.fromEntries(parameters.map(({ name }) => [name, fc.option(value, { nil: null, freq: 3 })])),
    )
    .map((given) =>
      Object.fromEntries(
        Object.entries(given).flatMap(([name, text]) => (text === null ? [] : [[name, text]])),
      ),
    );
}

function bodyOf(
  requestBody: z.infer<typeof operationSchema>['requestBody'],
  named: Readonly<Record<string, Schema>>,
): Arbitrary<{ type: string; text: string } | null> {
  if (!requestBody) return fc.constant(null);
  const bodies = Object.entries(requestBody.content).map(([type, { schema }]) =>
    type === 'application/json'
      ? fc
          .oneof(
            { weight: 15, arbitrary: arbitraryOf(schema, named).map((value) => JSON.stringify(value)) },
            {
              weight: 1,
              arbitrary: fc.oneof(
                anyText,
                anyJson.map((value) => JSON.stringify(value)),
              ),
            },
          )
          .map((text) => ({ type, text }))
      : fc.array(anyText, { maxLength: 5 }).map((lines) => ({ type, text: lines.join('\n') })),
  );
  return fc.oneof(...bodies);
}

function encoded(value: unknown): string {
  if (value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return encodeURIComponent(text.toWellFormed()).replace(/^\.{1,2}$/, '%2E');
}

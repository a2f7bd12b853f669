import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { arbitraryRequest, type FuzzRequest } from './arbitrary-request.ts';

const THING_ID = '0199c0de-0000-7000-8000-000000000001';
const document = {
  paths: {
    '/things/{thingId}': {
      post: {
        operationId: 'changeThing',
        parameters: [
          { name: 'thingId', in: 'path', schema: { type: 'string', format: 'uuid' } },
          { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 100 } },
          { name: 'If-Match', in: 'header', schema: { type: 'string' } },
        ],
        requestBody: {
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } },
        },
      },
    },
  },
  components: {
    schemas: {
      Thing: {
        type: 'object',
        required: ['name', 'count'],
        properties: {
          name: { type: 'string' },
          count: { type: 'integer', minimum: 1, maximum: 10 },
          until: { type: 'string', format: 'date-time' },
          kind: { enum: ['small', 'large'] },
        },
      },
    },
  },
};
interface Thing {
  name?: unknown;
  count?: unknown;
  until?: unknown;
  kind?: unknown;
}
const requests = arbitraryRequest(document, { thingId: [THING_ID] }, () => false);

/** Finds a request that a server with this fault would not survive. */
const isFound = (isFatal: (request: FuzzRequest, url: URL, body: unknown) => boolean): boolean =>
  fc.check(
    fc.property(requests, (request) => {
      let body: unknown;
      try {
        body = JSON.parse(request.body ?? 'null');
      } catch {
        // Not JSON: what a fault makes of that it says itself.
      }
      return !isFatal(request, new URL(request.path, 'https://api.test'), body);
    }),
    { seed: 1, numRuns: 20_000, endOnFailure: true },
  ).failed;
const thing = (body: unknown): Thing => (typeof body === 'object' && body !== null ? body : {});
const isWhole = (body: unknown): boolean => {
  const { name, count } = thing(body);
  return typeof name === 'string' && typeof count === 'number';
};

/** Faults of servers that others had, each with the requests that show it. */
const FAULTS: Readonly<Record<string, Parameters<typeof isFound>[0]>> = {
  'hands a null character to PostgreSQL': (_, __, body) => String(thing(body).name).includes('\u0000'),
  'puts texts into statements': (_, __, body) => isWhole(body) && String(thing(body).name).includes("'"),
  'keeps a number in a column that is too narrow': (_, __, body) =>
    isWhole(body) && Number(thing(body).count) >= 2 ** 31,
  'takes a fraction for a whole number': (_, __, body) =>
    isWhole(body) && Number(thing(body).count) % 1 !== 0,
  'reads what was left out': (_, __, body) =>
    thing(body).name === undefined && thing(body).count !== undefined,
  'takes any text for a date': (_, __, body) =>
    isWhole(body) &&
    typeof thing(body).until === 'string' &&
    Number.isNaN(Date.parse(String(thing(body).until))),
  'has no answer to another kind': (_, __, body) =>
    isWhole(body) && thing(body).kind !== undefined && !['small', 'large'].includes(String(thing(body).kind)),
  'takes every body for an object': (_, __, body) => body === null || Array.isArray(body),
  'takes every body for JSON': ({ body: text }, _, body) => text !== null && body === undefined,
  'copies every key': (_, __, body) =>
    Object.keys(thing(body)).some((key) => !(key in { name: 1, count: 1, until: 1, kind: 1 })),
  'takes every id for a UUID': (_, { pathname }) => !/^\/things\/[0-9a-f-]{36}$/i.test(pathname),
  'counts with any limit': (_, { searchParams }) => Number(searchParams.get('limit') ?? 1) < 0,
  'splits any tag': ({ headers }) => headers['If-Match'] === '' || headers['If-Match'] === '*',
  'fails where everything is right': (_, { pathname }, body) => isWhole(body) && pathname.endsWith(THING_ID),
};

describe('made-up requests', () => {
  it.each(Object.entries(FAULTS))('find a server that %s', (_, isFatal) => {
    expect(isFound(isFatal)).toBe(true);
  });

  it('leave out what they are told to leave out', () => {
    const withOther = {
      ...document,
      paths: { ...document.paths, '/end': { post: { operationId: 'end' } } },
    };
    const made = fc.sample(
      arbitraryRequest(withOther, {}, (id) => id === 'end'),
      { seed: 1, numRuns: 100 },
    );
    expect(new Set(made.map(({ operationId }) => operationId))).toEqual(new Set(['changeThing']));
  });
});

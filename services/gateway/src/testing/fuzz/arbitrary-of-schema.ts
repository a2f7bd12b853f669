import fc, { type Arbitrary } from 'fast-check';

/** A JSON Schema, as far as the document uses it. */
export type Schema = Readonly<Record<string, unknown>>;

/** Text that has broken programs before. */
const NASTY_TEXTS = [
  ...['', ' ', '\u0000', 'a\u0000b', '\ud800', '\udfff\ud800', '\u202e', 'é', 'e\u0301', '👩‍👩‍👧'],
  ...[
    "' OR 1=1 --",
    '"; DROP TABLE scan_results; --',
    '$1',
    '%',
    '_',
    '\\',
    '\\u0000',
    '{{7*7}}',
    '${7*7}',
    '=1+1',
  ],
  ...[
    '<script>',
    '../../etc/passwd',
    '%00',
    '%2e%2e%2f',
    '__proto__',
    'constructor',
    'toString',
    'null',
    'NaN',
  ],
  ...[
    '-1',
    '0',
    '1e999',
    '9'.repeat(40),
    '0x10',
    '2026-13-45T99:99:99Z',
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59-23:59',
  ],
  ...[
    '00000000-0000-0000-0000-000000000000',
    'http://127.0.0.1',
    'https://example.com:99999/',
    'x'.repeat(9_000),
  ],
];

/** Any text: what broke programs before, or what nobody thought of. */
export const anyText: Arbitrary<string> = fc.oneof(
  fc.constantFrom(...NASTY_TEXTS),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.webUrl(),
  fc.uuid(),
);

const anyNumber = fc.oneof(
  fc.constantFrom(0, -1, 1, 0.5, -0, 1e21, 2 ** 31, 2 ** 53, Number.MAX_VALUE, Number.MIN_VALUE),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

/** Any JSON, mostly small. */
export const anyJson: Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: anyText },
  { weight: 2, arbitrary: anyNumber },
  { weight: 1, arbitrary: fc.constantFrom(null, true, false, [], {}) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
);

/** Values that fit a schema for the most part; some of them, and some parts of others, do not. */
export function arbitraryOf(schema: Schema, named: Readonly<Record<string, Schema>>): Arbitrary<unknown> {
  return fc.oneof({ weight: 12, arbitrary: fitting(schema, named) }, { weight: 1, arbitrary: anyJson });
}

function fitting(schema: Schema, named: Readonly<Record<string, Schema>>): Arbitrary<unknown> {
  const { $ref: reference, anyOf, oneOf, const: constant, enum: words, type } = schema;
  if (typeof reference === 'string')
    return arbitraryOf(named[reference.split('/').at(-1) ?? ''] ?? {}, named);
  const choices = anyOf ?? oneOf;
  if (Array.isArray(choices)) return fc.oneof(...choices.map((choice: Schema) => arbitraryOf(choice, named)));
  if (constant !== undefined) return fc.constant(constant);
  if (Array.isArray(words)) return fc.constantFrom(...(words as unknown[]));
  switch (type) {
    case 'string':
      return textOf(schema);
    case 'integer':
    case 'number':
      return fc.oneof(anyNumber, fc.integer({ ...boundsOf(schema, 'minimum', 'maximum') }));
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(arbitraryOf((schema['items'] ?? {}) as Schema, named), { maxLength: 4 });
    case 'object':
      return objectOf(schema, named);
    default:
      return anyJson;
  }
}

function textOf({ format }: Schema): Arbitrary<string> {
  switch (format) {
    case 'uuid':
      return fc.oneof(fc.uuid(), anyText);
    case 'date-time':
      return fc.oneof(
        fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
        anyText,
      );
    case 'uri':
      return fc.oneof(fc.webUrl({ withQueryParameters: true, withFragments: true }), anyText);
    case 'email':
      return fc.oneof(fc.emailAddress(), anyText);
    default:
      return fc.oneof(anyText, fc.string({ minLength: 1, maxLength: 20 }), fc.domain());
  }
}

function objectOf(schema: Schema, named: Readonly<Record<string, Schema>>): Arbitrary<unknown> {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, Schema>>;
  const required = (schema['required'] ?? []) as readonly string[];
  const parts = Object.fromEntries(
    Object.entries(properties).map(([name, part]) => [
      name,
      // Optional ones are left out more often than not, or a large body would hardly ever be good.
      fc.option(arbitraryOf(part, named), { nil: undefined, freq: required.includes(name) ? 20 : 2 }),
    ]),
  );
  return fc
    .tuple(fc.record(parts), fc.option(fc.tuple(anyText, anyJson), { freq: 2, nil: null }))
    .map(([object, extra]) =>
      extra !== null && extra[0].length > 25 ? { ...object, [extra[0]]: extra[1] } : object,
    );
}

function boundsOf(schema: Schema, low: string, high: string): { min: number; max: number } {
  const bound = (name: string, otherwise: number): number => {
    const given = schema[name];
    return typeof given === 'number' && Math.abs(given) < 2 ** 31 ? Math.trunc(given) : otherwise;
  };
  return { min: bound(low, -1_000), max: Math.max(bound(low, -1_000), bound(high, 1_000)) };
}

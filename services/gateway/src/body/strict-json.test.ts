import { describe, expect, it } from '@jest/globals';
import { parseStrictJson } from './strict-json.ts';

const refusal = expect.objectContaining({ code: 'JSON_INVALID' });

describe('parseStrictJson', () => {
  it.each([
    'null',
    '-1.5e3',
    '"a \\"quoted\\" {text} with [brackets], a: colon and \\u0041"',
    '{"a":{"a":{"a":[]}},"b":[{"a":1},{"a":2}],"":{"":0}}',
    ' { "a" : "b" , "b" : "a" } ',
    '["a","a","a"]',
    '{"a":"a","b":"b:b"}',
    '{"\\"":1,"\\\\":2,"\\\\\\"":3}',
  ])('parses what JSON.parse parses: %s', (text) => {
    expect(parseStrictJson(text)).toEqual(JSON.parse(text));
  });

  it.each([
    '{"a":1,"a":2}',
    '{"a":1,"b":2,"a":1}',
    '{"x":{"a":1,"a":2}}',
    '[{"a":1},{"b":1,"b":2}]',
    '{"a":1,"\\u0061":2}',
    '{"a":[{"c":1}],"a":2}',
    '{"\\\\":1,"\\u005c":2}',
    '{"__proto__":1,"__proto__":2}',
    '{ "a" \n : 1 , "a"\t: 2 }',
  ])('refuses two equal keys in one object: %s', (text) => {
    expect(() => parseStrictJson(text)).toThrow(refusal);
  });

  it.each([
    '',
    ' ',
    '{',
    '}',
    '[',
    ']]',
    '{"a"}',
    '{"a":}',
    '"',
    '"\\',
    '{"\\x":1}',
    'undefined',
    'NaN',
    "{'a':1}",
    '{"a":1}}',
  ])('refuses what is not JSON, without quoting it: %j', (text) => {
    expect(() => parseStrictJson(text)).toThrow(refusal);
  });

  it('accepts 32 levels and refuses 33, in lists, objects and mixtures', () => {
    const nest = (levels: number, open: string, close: string) =>
      open.repeat(levels) + '0' + close.repeat(levels);
    expect(() => parseStrictJson(nest(32, '[', ']'))).not.toThrow();
    expect(() => parseStrictJson(nest(33, '[', ']'))).toThrow(refusal);
    expect(() => parseStrictJson(nest(32, '{"a":', '}'))).not.toThrow();
    expect(() => parseStrictJson(nest(33, '{"a":', '}'))).toThrow(refusal);
    expect(() => parseStrictJson(nest(17, '[{"a":', '}]'))).toThrow(refusal);
    expect(() => parseStrictJson('['.repeat(1_000_000))).toThrow(refusal);
  });

  it('does not count brackets inside texts', () => {
    expect(parseStrictJson(`["${'['.repeat(100)}"]`)).toEqual(['['.repeat(100)]);
  });
});

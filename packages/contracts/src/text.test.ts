import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accepts, problemsOf } from './problems-of.test.helper.ts';
import { characterCount, labelsSchema, nameSchema, safeString, semanticVersionSchema } from './text.ts';

describe('safeString', () => {
  it.each([
    ['a NUL', 'a\u0000b'],
    ['a line feed', 'a\nb'],
    ['CRLF', 'a\r\nBcc: b'],
    ['an escape sign', '\u001b[31m'],
    ['DEL', 'a\u007f'],
    ['a C1 control', 'a\u0085'],
    ['half of a character', 'a\ud800'],
    ['the other half of a character', '\udc00a'],
    ['too many characters', 'x'.repeat(11)],
    ['far too many characters', 'x'.repeat(1_000_000)],
    ['something else than text', 7],
    ['nothing', null],
  ])('refuses %s', (_what, input) => {
    expect(problemsOf(safeString(10), input)).toHaveLength(1);
  });

  it.each([
    ['markup', '<b>{{1}}'],
    ['a formula', '=SUM(A1)'],
    ['right-to-left marks', 'a\u202eb'],
    ['quotes', `'";--`],
    ['ten emoji of two units each', '🍪'.repeat(10)],
    ['nothing at all', ''],
  ])('leaves %s as it is', (_what, input) => {
    expect(safeString(10).parse(input)).toBe(input);
  });

  it('counts what is left after composing characters and trimming', () => {
    expect(safeString(1).parse(' e\u0301 ')).toBe('é');
    expect(safeString(1).parse('\u03b1\u0313\u0300\u0345')).toBe('\u1f82');
  });

  it('keeps line feeds and tabs where a text may have lines, and no other control characters', () => {
    const lines = safeString(20, { multiline: true });
    expect(lines.parse('a\r\nb\n\tc')).toBe('a\nb\n\tc');
    expect(accepts(lines, 'a\rb')).toBe(false);
    expect(accepts(lines, 'a\u0000b')).toBe(false);
  });

  it('takes spaces alone for nothing', () => {
    expect(problemsOf(nameSchema, '  \u3000')).toEqual([': is empty']);
  });

  it('gives only what PostgreSQL can store, whatever comes, and gives the same when asked again', () => {
    const schema = safeString(40, { multiline: true });
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (input) => {
        const { data } = schema.safeParse(input);
        if (data === undefined) return;
        expect(data.isWellFormed()).toBe(true);
        expect(data).not.toContain('\u0000');
        expect(characterCount(data)).toBeLessThanOrEqual(40);
        expect(schema.parse(data)).toBe(data);
      }),
    );
  });
});

describe('labels', () => {
  it.each([[[]], [['shop', 'eu:de', 'team.a-1']]])('are accepted: %j', (labels) => {
    expect(labelsSchema.parse(labels)).toEqual(labels);
  });

  it.each([[['Shop']], [['']], [['-a']], [['a b']], [['a', 'a']], [['x'.repeat(64)]], [['a\n']], ['shop']])(
    'are refused: %j',
    (labels) => {
      expect(accepts(labelsSchema, labels)).toBe(false);
    },
  );
});

describe('versions', () => {
  it.each(['0.0.1', '1.20.3', '1.0.0-rc.1', '1.0.0+build.5'])('are accepted: %s', (version) => {
    expect(accepts(semanticVersionSchema, version)).toBe(true);
  });

  it.each([
    '1',
    '1.0',
    'v1.0.0',
    '01.0.0',
    '1.0.0-',
    '1.0.0 ',
    '../1.0.0',
    '1.0.0\n',
    `1.0.0-${'a'.repeat(100)}`,
  ])('are refused: %j', (version) => {
    expect(accepts(semanticVersionSchema, version)).toBe(false);
  });
});

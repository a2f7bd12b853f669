import { describe, expect, it } from '@jest/globals';
import { fromPostgresText, toBoundedText, toPostgresJson, toPostgresText } from './postgres-text.ts';

const HOSTILE = [
  'plain',
  'snowman ☃ and pair \u{1F36A}',
  'nul\0nul\0\0',
  'high \ud800 low \udc00',
  '\udc00\ud800',
  '\ud800\ud800\udc00\udc00',
  String.raw`a literal \u0000 and \ud83c and \u005c and \u005cu0000`,
  `${String.raw`\u`}\0`,
  '\\\0',
  '\\\\u0000\\',
  String.raw`C:\users\u00e9`,
  '',
];

describe('text for PostgreSQL', () => {
  it.each(HOSTILE)('comes back exactly as it was: %j', (text) => {
    expect(fromPostgresText(toPostgresText(text))).toBe(text);
  });

  it.each(HOSTILE)('holds nothing that PostgreSQL refuses: %j', (text) => {
    const stored = toPostgresText(text);
    expect(stored).not.toContain('\0');
    expect(stored.isWellFormed()).toBe(true);
  });

  it('comes back exactly for every mixture of the characters that matter', () => {
    const alphabet = ['\\', 'u', '0', '5', 'c', 'd', '8', '\0', '\ud800', '\udc00'];
    let seed = 1;
    const next = (): number => (seed = (seed * 48_271) % 2_147_483_647);
    for (let round = 0; round < 20_000; round += 1) {
      const text = Array.from({ length: next() % 14 }, () => alphabet[next() % alphabet.length]).join('');
      const stored = toPostgresText(text);
      expect(stored.isWellFormed() && !stored.includes('\0')).toBe(true);
      expect(fromPostgresText(stored)).toBe(text);
    }
  });

  it('leaves text alone that PostgreSQL can hold', () => {
    const text = String.raw`https://shop.example/?q=\d+\u00e9&x=%00`;
    expect(toPostgresText(text)).toBe(text);
  });

  it('shows what it had to escape', () => {
    expect(toPostgresText('a\0b\ud800')).toBe(String.raw`a\u0000b\ud800`);
  });
});

describe('JSON for PostgreSQL', () => {
  it('has every text inside escaped, keys and nested values included, and all else untouched', () => {
    const value = {
      'k\0': ['\ud800', { deep: 'x\0', ['__proto__']: 'own' }],
      n: 1.5,
      b: false,
      nothing: null,
    };
    expect(Object.entries(toPostgresJson(value) as object)).toEqual([
      [String.raw`k\u0000`, [String.raw`\ud800`, { deep: String.raw`x\u0000`, ['__proto__']: 'own' }]],
      ['n', 1.5],
      ['b', false],
      ['nothing', null],
    ]);
  });
});

describe('bounded text', () => {
  it('leaves 8,192 characters alone and marks longer text as cut', () => {
    expect(toBoundedText('x'.repeat(8_192))).toBe('x'.repeat(8_192));
    expect(toBoundedText('x'.repeat(8_193))).toBe(`${'x'.repeat(8_191)}…`);
  });

  it('never cuts an escape or a surrogate pair in two', () => {
    for (let shift = 0; shift < 8; shift += 1) {
      const escaped = toBoundedText('x'.repeat(8_180 + shift) + '\0'.repeat(10));
      expect(escaped.length).toBeLessThanOrEqual(8_192);
      expect(fromPostgresText(escaped)).toMatch(/^x+\0*…$/);
      const pairs = toBoundedText('x'.repeat(shift) + '\u{1F36A}'.repeat(5_000));
      expect(pairs.isWellFormed()).toBe(true);
      expect(pairs.length).toBeLessThanOrEqual(8_192);
    }
  });
});

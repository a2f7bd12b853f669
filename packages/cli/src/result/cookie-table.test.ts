import { summariseObservation } from '@cookie-scanner/analysis';
import { savedObservation } from '@cookie-scanner/analysis/testing';
import { cookieClassificationSchema } from '@cookie-scanner/contracts';
import { describe, expect, it } from '@jest/globals';
import { cookieTable, type ShownCookie } from './cookie-table.ts';

const cookiesOf = (name: 'shop' | 'hostile'): readonly ShownCookie[] =>
  summariseObservation(savedObservation(name)).cookies.map((one) => ({ ...one, classification: null }));

function withName(name: string): ShownCookie {
  const [first] = cookiesOf('shop');
  if (!first) throw new Error('the saved shop has no cookies');
  return { ...first, cookie: { ...first.cookie, name } };
}

describe('cookieTable', () => {
  it('shows name, domain, party, setter, lifetime and flags of every cookie', () => {
    const table = cookieTable(cookiesOf('shop'), 200);
    for (const { cookie, chain } of cookiesOf('shop')) {
      expect(table).toContain(cookie.name);
      expect(table).toContain(cookie.domain);
      expect(table).toContain(chain.links.at(-1)?.label ?? 'not seen');
    }
    expect(table).toMatch(/│ Name +│ Domain +│ Party │ Category +│ Set by +│ Lifetime +│ Flags +│/);
    expect(table).toMatch(/session/);
    expect(table).toMatch(/HttpOnly/);
  });

  it.each([
    ['analytics', 'high', 'analytics'],
    ['marketing', 'low', 'marketing?'],
    ['unclassified', null, 'unknown'],
  ] as const)('shows what a cookie is for: %s, confidence %s', (category, confidence, shown) => {
    const classification = cookieClassificationSchema.parse({
      ...{ category, confidence, source: 'none', vendor: null, basis: null, provenance: {} },
    });
    const [line] = cookieTable([{ ...withName('id'), classification }], 200)
      .split('\n')
      .slice(3);
    expect(line).toContain(`│ ${shown} `);
  });

  it.each([78, 80, 86, 100, 140])('keeps every line within %i columns and loses nothing', (width) => {
    const table = cookieTable(cookiesOf('shop'), width);
    for (const line of table.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
    expect(table).not.toContain('…');
    const letters = table.replaceAll(/[^a-z0-9_]/gi, '');
    for (const { cookie } of cookiesOf('shop')) {
      if (cookie.name.length <= 12) expect(letters).toContain(cookie.name.replaceAll(/[^a-z0-9_]/gi, ''));
    }
  });

  it('has a row for each cookie and no more, whatever the site put into their names', () => {
    const cookies = cookiesOf('hostile');
    const separators = cookieTable(cookies, 120)
      .split('\n')
      .filter((line) => /^[┌├└]/.test(line));
    expect(separators).toHaveLength(cookies.length + 2);
  });

  it('names what cannot be seen, so that nothing rewrites the terminal or reverses the text', () => {
    const table = cookieTable([withName('a\u001b[31mb\u202ec\u0000d\ne\u200bf')], 200);

    expect(table.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200b\u202e]/);
    expect(table).toContain('a[U+001B][31mb[U+202E]c[U+0000]d[U+000A]e[U+200B]f');
  });

  it('cuts a name of thousands of characters and says that it did', () => {
    const table = cookieTable([withName('x'.repeat(4_000))], 100);
    expect(table).toMatch(/\(4,000/);
    expect(table.split('\n').length).toBeLessThan(20);
    expect(Math.max(...table.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it('stays aligned when characters take two columns', () => {
    const lines = cookieTable([withName('訪問者の識別子')], 200).split('\n');
    expect(lines[3]).toContain('訪問者の識別子');
    const wide = 7;
    expect((lines[3] ?? '').length + wide).toBe((lines[0] ?? '').length);
  });
});

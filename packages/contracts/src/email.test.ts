import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { emailSchema, recipientsSchema } from './email.ts';
import { accepts } from './problems-of.test.helper.ts';

const LONGEST = `${'a'.repeat(64)}@${'b'.repeat(61)}.${'c'.repeat(61)}.${'d'.repeat(61)}.de`;

describe('a mail address', () => {
  it.each([
    ['ann@example.com', 'ann@example.com'],
    ['Ann.Lee+scan@Example.COM', 'ann.lee+scan@example.com'],
    ["o'neil_x@sub-domain.example.co", "o'neil_x@sub-domain.example.co"],
    ['ann@xn--e1afmkfd.xn--p1ai', 'ann@xn--e1afmkfd.xn--p1ai'],
    [LONGEST, LONGEST],
  ])('is accepted in lower case: %s', (text, expected) => {
    expect(emailSchema.parse(text)).toBe(expected);
  });

  it.each([
    '',
    'ann',
    'a@b',
    'a+b@',
    '@example.com',
    'a@@example.com',
    'a b@example.com',
    ' ann@example.com',
    'ann@example.com ',
    'ann@example.com\n',
    'a@b.com\r\nBcc: c@d.com',
    'a@b\r\nBcc: c@d',
    'a\u0000@example.com',
    'ann@example..com',
    'ann@.example.com',
    'ann@-example.com',
    'ann@example-.com',
    'ann@127.0.0.1',
    'ann@[127.0.0.1]',
    '.ann@example.com',
    'ann.@example.com',
    'a..b@example.com',
    '"a b"@example.com',
    'ann@exa_mple.com',
    'ann@example.\u212aom',
    'ännchen@example.com',
    'Ann <ann@example.com>',
    'a@example.com,b@example.com',
    `${'a'.repeat(65)}@example.com`,
    `${'a'.repeat(308)}@example.com`,
    `a@${'b'.repeat(64)}.com`,
    `a${LONGEST}`,
    'x'.repeat(1_000_000),
    7,
    null,
  ])('is refused: %j', (text) => {
    expect(accepts(emailSchema, text)).toBe(false);
  });

  it('never carries a line break, a space or anything outside ASCII, whatever comes', () => {
    const nasty = fc.string({
      unit: fc.constantFrom('a', '@', '.', '-', '\r', '\n', ' ', '\u212a', '"', '<', '\0'),
    });
    fc.assert(
      fc.property(nasty, (input) => {
        const { data } = emailSchema.safeParse(input);
        if (data !== undefined) expect(data).toMatch(/^[\x21-\x7e]+@[a-z0-9.-]+$/);
      }),
    );
  });
});

describe('recipients', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => `a${index}@example.com`);

  it('are one to fifty addresses', () => {
    expect(recipientsSchema.parse(many(50))).toHaveLength(50);
    expect(accepts(recipientsSchema, [])).toBe(false);
    expect(accepts(recipientsSchema, many(51))).toBe(false);
    expect(accepts(recipientsSchema, many(500))).toBe(false);
  });

  it('name nobody twice, however the address is spelled', () => {
    expect(accepts(recipientsSchema, ['ann@example.com', 'Ann@example.com'])).toBe(false);
  });

  it('carry no further headers', () => {
    expect(accepts(recipientsSchema, ['ann@example.com', 'a@b.com\r\nBcc: c@d.com'])).toBe(false);
  });
});

import { describe, expect, it } from '@jest/globals';
import { decodeHeader } from './header-text.ts';

/** Every byte of the text's UTF-8 as a character of its own, as protocols without an encoding show it. */
function asLatin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** The same by Windows-1252, which is what the browser's protocol uses. */
function asWindows1252(text: string): string {
  return new TextDecoder('windows-1252').decode(Buffer.from(text, 'utf8'));
}

describe('decodeHeader', () => {
  it('leaves ASCII alone', () => {
    expect(decodeHeader('id=1; Path=/; Max-Age=60')).toBe('id=1; Path=/; Max-Age=60');
  });

  it.each([
    'naïve=grüße',
    'ключ=значение',
    '名前=日本',
    'emoji=🍪',
    'euro=€ “quoted” – dash',
    'ÿþ',
    '\u0081\u008d\u008f\u0090\u009d',
  ])('reads the UTF-8 bytes of %j back, in Latin-1 as in Windows-1252', (text) => {
    expect(decodeHeader(asLatin1(text))).toBe(text);
    expect(decodeHeader(asWindows1252(text))).toBe(text);
  });

  it('leaves bytes that are not UTF-8 as they are', () => {
    expect(decodeHeader('caf\u00e9=1')).toBe('caf\u00e9=1');
  });

  it('leaves text alone that was never bytes', () => {
    expect(decodeHeader('日本=1')).toBe('日本=1');
    expect(decodeHeader('🍪=1')).toBe('🍪=1');
  });

  it('keeps a byte order mark, which is part of the name', () => {
    expect(decodeHeader(asLatin1('\ufeffid=1'))).toBe('\ufeffid=1');
  });
});

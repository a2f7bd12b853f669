import { describe, expect, it } from '@jest/globals';
import { textWidth, wrapText } from './text-width.ts';

describe('textWidth', () => {
  it.each([
    ['session', 7],
    ['訪問者', 6],
    ['e\u0301', 1],
    ['🍪', 2],
    ['', 0],
  ])('counts the columns of %j as %i', (text, width) => {
    expect(textWidth(text)).toBe(width);
  });
});

describe('wrapText', () => {
  it('breaks after a space where there is one, and anywhere else where there is none', () => {
    expect(wrapText('script tags.test/a/very/long/path.js', 16)).toEqual([
      'script',
      'tags.test/a/very',
      '/long/path.js',
    ]);
  });

  it('never makes a line wider than it was told, also of wide characters', () => {
    for (const line of wrapText('訪問者の識別子 と 🍪🍪🍪🍪', 5))
      expect(textWidth(line)).toBeLessThanOrEqual(5);
  });

  it('begins no line with the space it broke at', () => {
    expect(wrapText('Secure, HttpOnly, None', 9)).toEqual(['Secure,', 'HttpOnly,', 'None']);
  });

  it('leaves a text that fits alone', () => {
    expect(wrapText('Secure, Lax', 11)).toEqual(['Secure, Lax']);
    expect(wrapText('', 5)).toEqual(['']);
  });
});

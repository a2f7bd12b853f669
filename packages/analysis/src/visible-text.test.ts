import { describe, expect, it } from '@jest/globals';
import { clipText, visibleText } from './visible-text.ts';

describe('visibleText', () => {
  it.each([
    ['_ga', '_ga'],
    ['Grüße, 日本語, עברית, 😀', 'Grüße, 日本語, עברית, 😀'],
    ['<script>{{7*7}}</script>', '<script>{{7*7}}</script>'],
    ['safe\u202egnp.exe', 'safe[U+202E]gnp.exe'],
    ['\u2066a\u2069', '[U+2066]a[U+2069]'],
    ['a\u0000b\tc\nd\u001b[31m', 'a[U+0000]b[U+0009]c[U+000A]d[U+001B][31m'],
    ['zero\u200bwidth\ufeff', 'zero[U+200B]width[U+FEFF]'],
    ['no\u00a0break', 'no[U+00A0]break'],
    ['lone \ud800', 'lone [U+D800]'],
    ['tag\u{e0041}', 'tag[U+E0041]'],
    ['\u3164blank letter', '[U+3164]blank letter'],
    [' two  inside ', '[U+0020]two  inside[U+0020]'],
    ['e\u0301 is one letter', 'e\u0301 is one letter'],
    ['e\u0301\u0302\u0303\u0304\u0305', 'e\u0301\u0302\u0303[U+0304 U+0305]'],
    ['a\r\nb', 'a[U+000D U+000A]b'],
    [`a${'\u202e'.repeat(4_000)}b`, 'a[U+202E ×4000]b'],
    ['', ''],
  ])('makes of %j what a reader can tell apart', (text, visible) => {
    expect(visibleText(text)).toBe(visible);
  });

  it('gives different texts different looks', () => {
    const alike = ['uid', 'uid\u200b', '\u200euid', 'u\u00adid', 'uid ', 'uid\u0000'];
    expect(new Set(alike.map(visibleText)).size).toBe(alike.length);
  });
});

describe('clipText', () => {
  it('cuts between characters and never inside one', () => {
    expect(clipText('😀😀😀', 2)).toEqual({ shown: '😀😀', cutFrom: 3 });
  });

  it('leaves short text whole', () => {
    expect(clipText('😀😀', 2)).toEqual({ shown: '😀😀', cutFrom: null });
  });
});

import { describe, expect, it } from '@jest/globals';
import { findUnstorableText } from './text-faults.ts';

describe('findUnstorableText', () => {
  it.each([
    [{ url: 'a\0' }, '#/url'],
    [{ a: [{ b: '\ud800' }] }, '#/a/0/b'],
    [{ a: { '\udc00': 1 } }, '#/a'],
    ['\0', '#'],
  ])('points at the first text that cannot be stored: %#', (value, pointer) => {
    expect(findUnstorableText(value)).toBe(pointer);
  });

  it.each([null, 1, true, '', 'ü😀\u0001', { a: ['b', null, { c: 'd' }] }])(
    'lets everything else pass: %#',
    (value) => {
      expect(findUnstorableText(value)).toBeNull();
    },
  );
});

import { describe, expect, it } from '@jest/globals';
import { tellsSize } from './beginning.ts';

const START = [0xff, 0xd8];
const FRAME = [0xff, 0xc2, 0x00, 0x0b, 0x08, 0x00, 0x10, 0x00, 0x20, 0x01, 0x01, 0x11, 0x00];

/** A segment before the frame, such as a preview. */
function segment(bytes: number): number[] {
  return [0xff, 0xe1, (bytes + 2) >> 8, (bytes + 2) & 0xff, ...new Array<number>(bytes).fill(0xff)];
}

describe('the beginning of a picture', () => {
  it.each([
    ['a JPEG with its frame', [...START, ...FRAME], true],
    ['a JPEG whose frame comes after a preview', [...START, ...segment(3_000), ...FRAME], true],
    ['a JPEG that ends within its preview', [...START, ...segment(3_000)].slice(0, 2_000), false],
    ['a JPEG that ends within its frame', [...START, ...segment(10), ...FRAME.slice(0, 5)], false],
    ['a JPEG that is none', [...START, 0x00, 0x01, 0x02, 0x03], true],
    ['any other format', [0x89, 0x50, 0x4e, 0x47], true],
    ['nothing', [], true],
  ])('of %s', (_what, bytes, expected) => {
    expect(tellsSize(Buffer.from(bytes))).toBe(expected);
  });
});

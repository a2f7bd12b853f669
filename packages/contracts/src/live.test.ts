import { describe, expect, it } from '@jest/globals';
import { liveClientMessageSchema } from './live.ts';

const isTaken = (cursor: unknown): boolean =>
  liveClientMessageSchema.safeParse({ type: 'cursor', cursor }).success;

describe('a cursor', () => {
  it.each([
    null,
    { path: '/' },
    { path: '/scans/0193a1f2-7c1e-7000-8000-000000000001', element: 'cookie:row-7' },
    { path: '/scans', x: 0, y: 1 },
  ])('names a place of ours: %j', (cursor) => {
    expect(isTaken(cursor)).toBe(true);
  });

  it.each([
    {},
    { path: 'scans' },
    { path: '//evil.example/' },
    { path: 'javascript:alert(1)' },
    { path: '/<b>' },
    { path: '/scans?token=1' },
    { path: `/${'x'.repeat(200)}` },
    { path: '/', element: '<img>' },
    { path: '/', element: '' },
    { path: '/', x: 0.5 },
    { path: '/', x: 2, y: 0 },
    { path: '/', x: Number.NaN, y: 0 },
    { path: '/', userId: 'somebody else' },
  ])('is nothing else: %j', (cursor) => {
    expect(isTaken(cursor)).toBe(false);
  });

  it('comes from whoever sends it, whatever the message says', () => {
    const message = { type: 'cursor', cursor: { path: '/' } };
    for (const more of [{ userId: 'x' }, { connectionId: 'x' }, { workspaceId: 'x' }]) {
      expect(liveClientMessageSchema.safeParse({ ...message, ...more }).success).toBe(false);
    }
  });
});

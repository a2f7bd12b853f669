import { describe, expect, it } from '@jest/globals';
import { memoryWindow } from './memory-window.ts';

describe('memoryWindow', () => {
  it('slides over the hits of one key', () => {
    let nowMs = 0;
    const window = memoryWindow({ limit: 2, windowMs: 100, now: () => nowMs });
    const hitAt = (atMs: number, cost = 1): unknown => {
      nowMs = atMs;
      return window.hit('key', cost);
    };

    expect(hitAt(0)).toEqual({ allowed: true, remaining: 1, retryAfterMs: 0, limit: 2 });
    expect(hitAt(60)).toEqual({ allowed: true, remaining: 0, retryAfterMs: 0, limit: 2 });
    expect(hitAt(99)).toEqual({ allowed: false, remaining: 0, retryAfterMs: 1, limit: 2 });
    expect(hitAt(99, 2)).toEqual({ allowed: false, remaining: 0, retryAfterMs: 61, limit: 2 });
    expect(hitAt(100)).toEqual({ allowed: true, remaining: 0, retryAfterMs: 0, limit: 2 });
    expect(hitAt(159)).toMatchObject({ allowed: false, retryAfterMs: 1 });
    expect(hitAt(160)).toMatchObject({ allowed: true });
  });

  it('refuses a hit that counts for more than the limit, and says something finite', () => {
    const window = memoryWindow({ limit: 1, windowMs: 100, now: () => 0 });

    expect(window.hit('key', 5)).toEqual({ allowed: false, remaining: 1, retryAfterMs: 100, limit: 1 });
  });

  it('remembers a bounded number of keys, those that were hit last', () => {
    const window = memoryWindow({ limit: 1, windowMs: 100, keysMax: 2, now: () => 0 });
    for (const key of ['a', 'b', 'a', 'c']) window.hit(key, 1);

    expect(window.hit('a', 1).allowed).toBe(false);
    expect(window.hit('b', 1).allowed).toBe(true);
  });

  it('forgets on request', () => {
    const window = memoryWindow({ limit: 1, windowMs: 100, now: () => 0 });
    window.hit('key', 1);
    window.forget('key');

    expect(window.hit('key', 1).allowed).toBe(true);
  });
});

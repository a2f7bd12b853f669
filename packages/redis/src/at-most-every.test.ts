import { describe, expect, it } from '@jest/globals';
import { atMostEvery } from './at-most-every.ts';

describe('atMostEvery', () => {
  it('lets the first call through and drops the others until the interval has passed', () => {
    let nowMs = 0;
    const seen: string[] = [];
    const act = atMostEvery(
      1_000,
      (word: string) => seen.push(word),
      () => nowMs,
    );

    act('first');
    nowMs = 999;
    act('too soon');
    nowMs = 1_000;
    act('second');

    expect(seen).toEqual(['first', 'second']);
  });
});

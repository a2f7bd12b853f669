import { describe, expect, it } from '@jest/globals';
import { messageBudget } from './message-budget.ts';

describe('a budget of messages', () => {
  it('allows a burst, then as many as time has passed for', () => {
    let nowMs = 0;
    const isWithin = messageBudget(() => nowMs);
    const send = (count: number) => Array.from({ length: count }, isWithin).filter(Boolean).length;
    expect(send(1_000)).toBe(60);
    nowMs += 60_000;
    expect(send(1_000)).toBeLessThanOrEqual(60);
  });

  it('never ends for whoever keeps to it', () => {
    let nowMs = 0;
    const isWithin = messageBudget(() => nowMs);
    for (let count = 0; count < 1_000; count += 1) {
      nowMs += 34;
      expect(isWithin()).toBe(true);
    }
  });
});

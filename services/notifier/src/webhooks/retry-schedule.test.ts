import { describe, expect, it } from '@jest/globals';
import { circuitPauseSeconds, pauseAfter } from './retry-schedule.ts';

const pause = (attempt: number, retryAfterSeconds: number | null = null, random = 0.5) =>
  pauseAfter({ attempt, attemptsMax: 8, retryAfterSeconds }, random);

describe('the pauses between attempts', () => {
  it('grow from seconds to hours, and end', () => {
    const all = Array.from({ length: 8 }, (_, index) => pause(index + 1));
    expect(all).toEqual([5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, null]);
  });

  it('are moved by a tenth, so that what failed together does not come back together', () => {
    expect([pause(2, null, 0), pause(2, null, 1)]).toEqual([270, 330]);
  });

  it('are at least what the receiver asked for, within a day', () => {
    expect([pause(1, 60), pause(2, 60), pause(1, 1e9), pause(8, 60)]).toEqual([60, 300, 86_400, null]);
  });

  it('of an endpoint that is down double up to a quarter of an hour', () => {
    expect([5, 6, 7, 10, 100].map(circuitPauseSeconds)).toEqual([30, 60, 120, 900, 900]);
  });
});

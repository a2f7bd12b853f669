import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accepts, problemsOf } from './problems-of.test.helper.ts';
import { isBefore, quietHoursSchema, timeOfDaySchema, timeRangeSchema } from './time-range.ts';

describe('a range of time', () => {
  it('goes from one time to a later one', () => {
    expect(accepts(timeRangeSchema, { from: '2026-01-01T00:00:00Z', to: '2026-01-01T00:00:01Z' })).toBe(true);
  });

  it.each([
    ['reversed', '2026-02-01T00:00:00Z', '2026-01-01T00:00:00Z', ['to: ends before it begins']],
    ['empty', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', ['to: ends before it begins']],
    [
      'a hundred years long',
      '1926-01-01T00:00:00Z',
      '2026-01-01T00:00:00Z',
      ['to: covers more than ten years'],
    ],
    [
      'without a time',
      '2026-01-01',
      '2026-02-01',
      ['from: Invalid ISO datetime', 'to: Invalid ISO datetime'],
    ],
    ['in local time', '2026-01-01T00:00:00', '2026-02-01T00:00:00Z', ['from: Invalid ISO datetime']],
  ])('is refused when it is %s', (_what, from, to, problems) => {
    expect(problemsOf(timeRangeSchema, { from, to })).toEqual(problems);
  });
});

describe('a time of day', () => {
  it.each(['00:00', '06:30', '23:59'])('is %s', (time) => {
    expect(accepts(timeOfDaySchema, time)).toBe(true);
  });

  it.each(['24:00', '6:30', '06:60', '06:30:00', '', '06:30\n', 630])('is not %j', (time) => {
    expect(accepts(timeOfDaySchema, time)).toBe(false);
  });
});

describe('quiet hours', () => {
  it('may span midnight, and are not empty', () => {
    expect(accepts(quietHoursSchema, { from: '22:00', to: '06:00' })).toBe(true);
    expect(accepts(quietHoursSchema, { from: '22:00', to: '22:00' })).toBe(false);
  });
});

describe('isBefore', () => {
  it('says yes of at most one order of two times', () => {
    const time = fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
    fc.assert(
      fc.property(time, time, (first, second) => {
        expect(isBefore(first, second) && isBefore(second, first)).toBe(false);
      }),
    );
  });

  it('lets an open end be anywhere', () => {
    expect(isBefore(null, '2026-01-01T00:00:00Z')).toBe(true);
    expect(isBefore('2026-01-01T00:00:00Z', undefined)).toBe(true);
  });
});

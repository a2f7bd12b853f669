import type { ScheduleTiming } from '@cookie-scanner/contracts';
import { describe, expect, it } from '@jest/globals';
import { nextRun, upcomingRuns, type PlannedSchedule } from './next-run.ts';

const BERLIN = 'Europe/Berlin';

function schedule(change: Partial<PlannedSchedule>): PlannedSchedule {
  return {
    id: '00000000-0000-4000-8000-000000000001',
    timing: { frequency: 'daily', timeOfDay: '06:30' },
    timeZone: 'UTC',
    startsAt: null,
    endsAt: null,
    jitterMs: 0,
    quietHours: null,
    ...change,
  };
}

function planned(change: Partial<PlannedSchedule>, after: string, count: number): string[] {
  return upcomingRuns(schedule(change), new Date(after), count).map(({ plannedAt }) =>
    plannedAt.toISOString().replace(':00.000Z', 'Z'),
  );
}

const daily = (timeOfDay: string): ScheduleTiming => ({ frequency: 'daily', timeOfDay });
const cron = (expression: string): ScheduleTiming => ({ frequency: 'cron', expression });
const monthly = (dayOfMonth: number): ScheduleTiming => ({
  frequency: 'monthly',
  timeOfDay: '06:30',
  dayOfMonth,
});

describe('the times of a schedule', () => {
  it.each<[string, ScheduleTiming, string, string, string[]]>([
    ['daily', daily('06:30'), 'UTC', '2026-01-01T06:30:00Z', ['2026-01-02T06:30Z', '2026-01-03T06:30Z']],
    ['daily in another zone', daily('00:15'), 'Asia/Kolkata', '2026-01-01T00:00:00Z', ['2026-01-01T18:45Z']],
    [
      'weekly, Sunday being 7',
      { frequency: 'weekly', timeOfDay: '23:59', weekdays: [1, 7] },
      'UTC',
      '2026-01-01T00:00:00Z',
      ['2026-01-04T23:59Z', '2026-01-05T23:59Z', '2026-01-11T23:59Z'],
    ],
    [
      'once',
      { frequency: 'once', at: '2026-01-01T00:00:00Z' },
      'UTC',
      '2025-01-01T00:00:00Z',
      ['2026-01-01T00:00Z'],
    ],
    [
      'once, in the past',
      { frequency: 'once', at: '2026-01-01T00:00:00Z' },
      'UTC',
      '2026-01-01T00:00:00Z',
      [],
    ],
    [
      'monthly on the 31st: the last day of shorter months',
      monthly(31),
      'UTC',
      '2026-01-01T00:00:00Z',
      ['2026-01-31T06:30Z', '2026-02-28T06:30Z', '2026-03-31T06:30Z', '2026-04-30T06:30Z'],
    ],
    [
      'monthly on the 30th: once in February',
      monthly(30),
      'UTC',
      '2028-01-30T07:00:00Z',
      ['2028-02-29T06:30Z', '2028-03-30T06:30Z'],
    ],
    [
      'monthly on the 29th, in a leap year',
      monthly(29),
      'UTC',
      '2028-02-01T00:00:00Z',
      ['2028-02-29T06:30Z', '2028-03-29T06:30Z'],
    ],
    [
      'monthly on the 29th, in another',
      monthly(29),
      'UTC',
      '2026-02-01T00:00:00Z',
      ['2026-02-28T06:30Z', '2026-03-29T06:30Z'],
    ],
    [
      'by cron on February 29: leap years only',
      cron('0 0 29 2 *'),
      'UTC',
      '2026-01-01T00:00:00Z',
      ['2028-02-29T00:00Z', '2032-02-29T00:00Z'],
    ],
    [
      'by cron on the 31st: months that have one',
      cron('0 0 31 * *'),
      'UTC',
      '2026-02-01T00:00:00Z',
      ['2026-03-31T00:00Z', '2026-05-31T00:00Z'],
    ],
    [
      'by cron on the 13th or a Friday',
      cron('0 0 13 * 5'),
      'UTC',
      '2026-03-07T00:00:00Z',
      ['2026-03-13T00:00Z', '2026-03-20T00:00Z'],
    ],
  ])('%s', (_what, timing, timeZone, after, expected) => {
    expect(planned({ timing, timeZone }, after, expected.length || 1)).toEqual(expected);
  });

  it.each<[string, ScheduleTiming, string, string, string[]]>([
    [
      'a time that the clock jumps over runs right after the jump',
      daily('02:30'),
      BERLIN,
      '2026-03-28T00:00:00Z',
      ['2026-03-28T01:30Z', '2026-03-29T01:00Z', '2026-03-30T00:30Z'],
    ],
    [
      'a time that comes twice runs once, the first time',
      daily('02:30'),
      BERLIN,
      '2026-10-24T00:00:00Z',
      ['2026-10-24T00:30Z', '2026-10-25T00:30Z', '2026-10-26T01:30Z'],
    ],
    [
      'every half hour is every half hour when the clock goes back',
      cron('*/30 * * * *'),
      BERLIN,
      '2026-10-24T23:30:00Z',
      ['2026-10-25T00:00Z', '2026-10-25T00:30Z', '2026-10-25T01:00Z', '2026-10-25T01:30Z'],
    ],
    [
      'and when it goes forward',
      cron('*/30 * * * *'),
      BERLIN,
      '2026-03-29T00:00:00Z',
      ['2026-03-29T00:30Z', '2026-03-29T01:00Z', '2026-03-29T01:30Z'],
    ],
    [
      'a midnight that does not exist',
      daily('00:00'),
      'America/Sao_Paulo',
      '2018-11-03T04:00:00Z',
      ['2018-11-04T03:00Z', '2018-11-05T02:00Z'],
    ],
    [
      'a change of half an hour',
      daily('01:45'),
      'Australia/Lord_Howe',
      '2026-04-04T12:00:00Z',
      ['2026-04-04T14:45Z', '2026-04-05T15:15Z'],
    ],
    [
      'an interval knows no clocks',
      { frequency: 'interval', everyMs: 86_400_000 },
      BERLIN,
      '2026-03-28T12:00:00Z',
      ['2026-03-29T12:00Z'],
    ],
  ])('when daylight saving changes: %s', (_what, timing, timeZone, after, expected) => {
    expect(planned({ timing, timeZone }, after, expected.length)).toEqual(expected);
  });

  it('of an interval count from the start, the start included', () => {
    const startsAt = new Date('2026-01-01T00:07:00Z');
    const timing: ScheduleTiming = { frequency: 'interval', everyMs: 600_000 };
    expect(planned({ timing, startsAt }, '2025-01-01T00:00:00Z', 2)).toEqual([
      '2026-01-01T00:07Z',
      '2026-01-01T00:17Z',
    ]);
    expect(planned({ timing, startsAt }, '2026-01-01T01:00:00Z', 1)).toEqual(['2026-01-01T01:07Z']);
    expect(planned({ timing }, '2026-01-01T01:00:00Z', 1)).toEqual(['2026-01-01T01:10Z']);
  });

  it('lie between start and end: the start may be one, the end may not', () => {
    const limits = { startsAt: new Date('2026-01-02T06:30:00Z'), endsAt: new Date('2026-01-04T06:30:00Z') };
    expect(planned(limits, '2025-06-01T00:00:00Z', 9)).toEqual(['2026-01-02T06:30Z', '2026-01-03T06:30Z']);
  });
});

describe('quiet hours', () => {
  it('hold back what falls into them, as one run, also over midnight', () => {
    const change = {
      timing: { frequency: 'interval', everyMs: 3_600_000 } as const,
      startsAt: new Date('2026-01-01T20:30:00Z'),
      timeZone: BERLIN,
      quietHours: { from: '23:00', to: '06:00' },
    };
    expect(planned(change, '2026-01-01T21:00:00Z', 4)).toEqual([
      '2026-01-01T21:30Z',
      '2026-01-02T05:00Z',
      '2026-01-02T05:30Z',
      '2026-01-02T06:30Z',
    ]);
  });

  it('begin with their first minute and end before their last', () => {
    const quietHours = { from: '06:30', to: '07:00' };
    expect(planned({ quietHours }, '2026-01-01T00:00:00Z', 1)).toEqual(['2026-01-01T07:00Z']);
    expect(planned({ quietHours: { from: '06:00', to: '06:30' } }, '2026-01-01T00:00:00Z', 1)).toEqual([
      '2026-01-01T06:30Z',
    ]);
  });
});

describe('jitter', () => {
  const begins = (change: Partial<PlannedSchedule>): number[] =>
    upcomingRuns(schedule(change), new Date('2026-01-01T00:00:00Z'), 50).map(
      ({ plannedAt, beginsAt }) => beginsAt.getTime() - plannedAt.getTime(),
    );

  it('delays each run by another time below its bound, the same for everybody who asks', () => {
    const delays = begins({ jitterMs: 3_600_000 });
    expect(new Set(delays).size).toBeGreaterThan(45);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...delays)).toBeLessThan(3_600_000);
    expect(begins({ jitterMs: 3_600_000 })).toEqual(delays);
    expect(begins({ jitterMs: 3_600_000, id: 'another' })).not.toEqual(delays);
  });

  it('never leads past the next run, to the end or into quiet hours', () => {
    const timing = cron('*/5 * * * *');
    expect(Math.max(...begins({ timing, jitterMs: 21_600_000 }))).toBeLessThan(300_000);
    const last = nextRun(
      schedule({ jitterMs: 3_600_000, endsAt: new Date('2026-01-01T06:31:00Z') }),
      new Date('2026-01-01T00:00:00Z'),
    );
    expect(last?.beginsAt.getTime()).toBeLessThan(Date.parse('2026-01-01T06:31:00Z'));
    expect(
      begins({ jitterMs: 3_600_000, quietHours: { from: '06:31', to: '07:31' } }).every((ms) => ms < 60_000),
    ).toBe(true);
  });
});

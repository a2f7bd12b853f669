import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accepts, ID, problemsOf } from './problems-of.test.helper.ts';
import { scheduleCreateSchema, scheduleTimingSchema, scheduleUpdateSchema } from './schedule.ts';

const SCHEDULE = {
  name: 'Every morning',
  timing: { frequency: 'daily', timeOfDay: '06:30' },
  profileId: ID,
  target: { kind: 'domains', domainIds: [ID] },
};

describe('a new schedule', () => {
  it('needs a name, a time, a profile and sites; the rest has defaults', () => {
    expect(scheduleCreateSchema.parse(SCHEDULE)).toEqual({
      ...SCHEDULE,
      timeZone: 'UTC',
      startsAt: null,
      endsAt: null,
      jitterMs: 0,
      quietHours: null,
      misfirePolicy: 'run_once',
      overlapPolicy: 'skip',
    });
  });

  it.each([
    [
      'an end before its start',
      { startsAt: '2026-02-01T00:00:00Z', endsAt: '2026-01-01T00:00:00Z' },
      'endsAt',
    ],
    ['an end at its start', { startsAt: '2026-02-01T00:00:00Z', endsAt: '2026-02-01T00:00:00Z' }, 'endsAt'],
    ['a zone on Mars', { timeZone: 'Mars/X' }, 'timeZone'],
    ['an impossible offset', { timeZone: 'UTC+25' }, 'timeZone'],
    ['no zone', { timeZone: '' }, 'timeZone'],
    ['a negative jitter', { jitterMs: -1 }, 'jitterMs'],
    ['a jitter of days', { jitterMs: 1e9 }, 'jitterMs'],
    ['empty quiet hours', { quietHours: { from: '08:00', to: '08:00' } }, 'quietHours.to'],
    ['an unknown policy', { misfirePolicy: 'run_all' }, 'misfirePolicy'],
    ['no sites', { target: { kind: 'domains', domainIds: [] } }, 'target.domainIds'],
    ['a site twice', { target: { kind: 'domains', domainIds: [ID, ID] } }, 'target.domainIds'],
    ['no labels', { target: { kind: 'labels', labels: [] } }, 'target.labels'],
    ['an unknown way to name sites', { target: { kind: 'all' } }, 'target.kind'],
    ['a profile that is no id', { profileId: 'quick' }, 'profileId'],
    ['an empty name', { name: ' ' }, 'name'],
    ['a state', { state: 'finished' }, ''],
    ['a workspace of its own choice', { workspaceId: ID }, ''],
  ])('is refused with %s', (_what, change, path) => {
    const problems = problemsOf(scheduleCreateSchema, { ...SCHEDULE, ...change });
    expect(problems).toEqual([expect.stringMatching(new RegExp(`^${path}: `))]);
  });
});

describe('the timing of a schedule', () => {
  it.each([
    { frequency: 'once', at: '2030-01-01T00:00:00Z' },
    { frequency: 'interval', everyMs: 300_000 },
    { frequency: 'weekly', timeOfDay: '23:59', weekdays: [1, 7] },
    { frequency: 'monthly', timeOfDay: '00:00', dayOfMonth: 31 },
    { frequency: 'cron', expression: '0 6 * * 1' },
  ])('may be %j', (timing) => {
    expect(problemsOf(scheduleTimingSchema, timing)).toEqual([]);
  });

  it.each([
    { frequency: 'interval', everyMs: 0 },
    { frequency: 'interval', everyMs: -1 },
    { frequency: 'interval', everyMs: 1 },
    { frequency: 'interval', everyMs: 299_999 },
    { frequency: 'interval', everyMs: 1e15 },
    { frequency: 'interval', everyMs: 300_000.5 },
    { frequency: 'interval', everyMs: '300000' },
    { frequency: 'weekly', timeOfDay: '06:00', weekdays: [] },
    { frequency: 'weekly', timeOfDay: '06:00', weekdays: [0] },
    { frequency: 'weekly', timeOfDay: '06:00', weekdays: [1, 1] },
    { frequency: 'monthly', timeOfDay: '06:00', dayOfMonth: 32 },
    { frequency: 'daily', timeOfDay: '25:00' },
    { frequency: 'daily', timeOfDay: '06:00', everyMs: 300_000 },
    { frequency: 'cron', expression: '* * * * * *' },
    { frequency: 'cron', expression: '0 0 30 2 *' },
    { frequency: 'once', at: 'tomorrow' },
    { frequency: 'hourly' },
    {},
  ])('may not be %j', (timing) => {
    expect(accepts(scheduleTimingSchema, timing)).toBe(false);
  });

  it('never lets an interval be shorter than five minutes', () => {
    fc.assert(
      fc.property(fc.double(), (everyMs) => {
        const accepted = accepts(scheduleTimingSchema, { frequency: 'interval', everyMs });
        expect(!accepted || (Number.isSafeInteger(everyMs) && everyMs >= 300_000)).toBe(true);
      }),
    );
  });
});

describe('a change of a schedule', () => {
  it('names only what changes and sets nothing else', () => {
    expect(scheduleUpdateSchema.parse({ state: 'paused' })).toEqual({ state: 'paused' });
  });

  it.each([
    {},
    { state: 'finished' },
    { workspaceId: ID },
    { startsAt: '2026-02-01T00:00:00Z', endsAt: '2026-01-01T00:00:00Z' },
  ])('is refused: %j', (change) => {
    expect(accepts(scheduleUpdateSchema, change)).toBe(false);
  });
});

import type { MisfirePolicy } from '@cookie-scanner/contracts';
import { describe, expect, it } from '@jest/globals';
import { decideRuns } from './decide-runs.ts';

const EVERY_TEN_MINUTES = {
  id: 'any',
  timing: { frequency: 'interval', everyMs: 600_000 },
  timeZone: 'UTC',
  startsAt: new Date('2026-01-01T00:00:00Z'),
  endsAt: null,
  jitterMs: 0,
  quietHours: null,
} as const;

function decide(now: string, misfirePolicy: MisfirePolicy, change: { endsAt?: Date } = {}) {
  const at = new Date('2026-01-01T01:00:00Z');
  const schedule = { ...EVERY_TEN_MINUTES, ...change, misfirePolicy };
  const decision = decideRuns(schedule, { plannedAt: at, beginsAt: at }, new Date(now));
  const time = (run: { plannedAt: Date } | null): string | undefined =>
    run?.plannedAt.toISOString().slice(11, 16);
  return { run: time(decision.run), missed: decision.missed.map(time), next: time(decision.next) };
}

describe('a run that is due', () => {
  it.each(['run_once', 'skip'] as const)('begins when it is noticed in time (%s)', (policy) => {
    expect(decide('2026-01-01T01:00:30Z', policy)).toEqual({ run: '01:00', missed: [], next: '01:10' });
  });

  it('is made up for when it was missed, once for all that were', () => {
    expect(decide('2026-01-01T01:35:00Z', 'run_once')).toEqual({
      run: '01:30',
      missed: ['01:00', '01:10', '01:20'],
      next: '01:40',
    });
  });

  it('is left out when it was missed and the policy says so', () => {
    expect(decide('2026-01-01T01:25:00Z', 'skip')).toEqual({
      run: undefined,
      missed: ['01:00', '01:10', '01:20'],
      next: '01:30',
    });
  });

  it('takes place in spite of earlier ones that were missed', () => {
    expect(decide('2026-01-01T01:20:10Z', 'skip')).toEqual({
      run: '01:20',
      missed: ['01:00', '01:10'],
      next: '01:30',
    });
  });

  it('is the last one when the schedule ends', () => {
    const endsAt = new Date('2026-01-01T01:10:00Z');
    expect(decide('2026-01-01T01:00:00Z', 'skip', { endsAt })).toEqual({
      run: '01:00',
      missed: [],
      next: undefined,
    });
  });

  it('is found quickly after months of silence, and the next one lies ahead', () => {
    const { missed, next } = decide('2027-01-01T00:05:00Z', 'run_once');
    expect(missed).toHaveLength(200);
    expect(next).toBe('00:10');
  });
});

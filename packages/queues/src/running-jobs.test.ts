import { describe, expect, it } from '@jest/globals';
import { abortKind } from './job-aborted.ts';
import { runningJobs } from './running-jobs.ts';

const HOUR_MS = 3_600_000;

describe('runningJobs', () => {
  it('aborts a job of the same id that still runs, for its lock must be lost', () => {
    const running = runningJobs({ timeoutMs: HOUR_MS, graceMs: 0, stopOnLostLock: true });
    const zombie = running.start('a');
    const successor = running.start('a');

    expect(abortKind(zombie.signal)).toBe('lock_lost');
    expect(successor.signal.aborted).toBe(false);
    zombie.end();
    successor.end();
  });

  it('lets a job that has a fence of its own go on without its lock, and still stops it on shutdown', () => {
    const running = runningJobs({ timeoutMs: HOUR_MS, graceMs: 0, stopOnLostLock: false });
    const job = running.start('a');

    running.loseLock('a');
    expect(job.signal.aborted).toBe(false);
    running.abortAll('shutdown');
    expect(abortKind(job.signal)).toBe('shutdown');
    job.end();
  });

  it('aborts a job that starts after the stop began', () => {
    const running = runningJobs({ timeoutMs: HOUR_MS, graceMs: 0, stopOnLostLock: true });
    running.abortAll('shutdown');
    const late = running.start('late');

    expect(abortKind(late.signal)).toBe('shutdown');
    late.end();
  });

  it('resolves for who waits when the last job ends', async () => {
    const running = runningJobs({ timeoutMs: HOUR_MS, graceMs: 0, stopOnLostLock: true });
    const [first, second] = [running.start('1'), running.start('2')];
    let isIdle = false;
    const waited = running.whenIdle().then(() => {
      isIdle = true;
    });

    first.end();
    await Promise.resolve();
    expect(isIdle).toBe(false);
    second.end();
    await waited;
    expect(running.ids()).toEqual([]);
  });

  it('does not take a job for alive that is past its limit and the grace', () => {
    const running = runningJobs({ timeoutMs: HOUR_MS, graceMs: -HOUR_MS, stopOnLostLock: true });
    const stuck = running.start('stuck');

    expect(running.isBusyWithinLimits()).toBe(false);
    stuck.end();
  });
});

describe('abortKind', () => {
  it('is null for a signal that is not aborted and for a reason of somebody else', () => {
    expect(abortKind(new AbortController().signal)).toBeNull();
    expect(abortKind(AbortSignal.abort(new Error('other')))).toBeNull();
  });
});

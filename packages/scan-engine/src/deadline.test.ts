import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { startDeadline, TIMED_OUT, within } from './deadline.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('startDeadline', () => {
  it('counts down and passes when its time is up', () => {
    const deadline = startDeadline(1_000);
    expect(deadline.remainingMs()).toBe(1_000);
    expect(deadline.passed).toBe(false);
    jest.advanceTimersByTime(999);
    expect(deadline.remainingMs()).toBe(1);
    expect(deadline.passed).toBe(false);
    jest.advanceTimersByTime(1);
    expect(deadline.passed).toBe(true);
  });

  it('never has less than nothing left', () => {
    const deadline = startDeadline(10);
    jest.advanceTimersByTime(5_000);
    expect(deadline.remainingMs()).toBe(0);
  });

  it('does not care when somebody sets the clock of the machine', () => {
    const deadline = startDeadline(1_000);
    jest.setSystemTime(Date.now() + 3_600_000);
    expect(deadline.remainingMs()).toBe(1_000);
  });
});

describe('within', () => {
  it('answers what the promise answers, and leaves no timer behind', async () => {
    expect(await within(Promise.resolve('answer'), 1_000)).toBe('answer');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('passes a failure on, and leaves no timer behind', async () => {
    await expect(within(Promise.reject(new Error('broken')), 1_000)).rejects.toThrow('broken');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('answers TIMED_OUT when the time runs out first', async () => {
    const result = within(new Promise(() => undefined), 1_000);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(await result).toBe(TIMED_OUT);
  });

  it('swallows a failure that comes when nobody waits any more', async () => {
    const late = Promise.withResolvers<never>();
    const result = within(late.promise, 1_000);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(await result).toBe(TIMED_OUT);
    // An unhandled rejection would end the test run.
    late.reject(new Error('too late'));
  });

  it('takes an answer that is already there although no time is left', async () => {
    const result = within(Promise.resolve('at once'), 0);
    await jest.advanceTimersByTimeAsync(0);
    expect(await result).toBe('at once');
  });
});

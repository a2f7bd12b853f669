import { silentLogger } from '@cookie-scanner/observability';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { holdLease, type Lease } from './hold-lease.ts';

const LEASE_MS = 60_000;

describe('holdLease', () => {
  let lease: Lease | undefined;

  function hold(renew: () => Promise<boolean>): Lease {
    lease = holdLease({ renew, leaseMs: LEASE_MS, grantedAtMs: performance.now(), log: silentLogger });
    return lease;
  }

  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => {
    lease?.stop();
    jest.useRealTimers();
  });

  it('keeps the lease for as long as it is renewed', async () => {
    const { signal } = hold(async () => true);
    await jest.advanceTimersByTimeAsync(10 * LEASE_MS);

    expect(signal.aborted).toBe(false);
  });

  it('renews four times per lease', async () => {
    const renew = jest.fn(async () => true);
    hold(renew);
    await jest.advanceTimersByTimeAsync(LEASE_MS);

    expect(renew).toHaveBeenCalledTimes(4);
  });

  it('loses the lease at once when a renewal is refused', async () => {
    const { signal } = hold(async () => false);
    await jest.advanceTimersByTimeAsync(LEASE_MS / 4);

    expect(signal.reason).toMatchObject({ code: 'SCAN_CLAIM_LOST' });
  });

  it('keeps the lease over a short failure of renewals', async () => {
    let calls = 0;
    const { signal } = hold(async () => {
      calls += 1;
      if (calls % 3 !== 0) throw new Error('the database is away');
      return true;
    });
    await jest.advanceTimersByTimeAsync(5 * LEASE_MS);

    expect(signal.aborted).toBe(false);
  });

  it('loses the lease when no renewal succeeded for as long as it lasts', async () => {
    const { signal } = hold(() => Promise.reject(new Error('the database is away')));
    await jest.advanceTimersByTimeAsync(LEASE_MS - 1);
    expect(signal.aborted).toBe(false);
    await jest.advanceTimersByTimeAsync(1);

    expect(signal.reason).toMatchObject({ code: 'SCAN_CLAIM_LOST' });
  });

  it('loses the lease when a renewal is never answered', async () => {
    const { signal } = hold(() => new Promise(() => undefined));
    await jest.advanceTimersByTimeAsync(LEASE_MS);

    expect(signal.reason).toMatchObject({ code: 'SCAN_CLAIM_LOST' });
  });

  it('counts a renewal from when it was asked for, not from when it was answered', async () => {
    let answerMs = LEASE_MS / 2;
    const { signal } = hold(async () => {
      await new Promise((resolve) => setTimeout(resolve, answerMs));
      answerMs = 10 * LEASE_MS;
      return true;
    });
    await jest.advanceTimersByTimeAsync(LEASE_MS / 4 + LEASE_MS);

    expect(signal.aborted).toBe(true);
  });

  it('does not lose what it no longer holds', async () => {
    const held = hold(() => Promise.reject(new Error('the database is away')));
    held.stop();
    await jest.advanceTimersByTimeAsync(2 * LEASE_MS);

    expect(held.signal.aborted).toBe(false);
  });
});

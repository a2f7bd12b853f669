import { describe, expect, it } from '@jest/globals';
import type { CookieObservation } from '@cookie-scanner/contracts';
import { cookieLifetime } from './cookie-lifetime.ts';
import { savedObservation } from './testing/saved-observations.ts';

const scan = { startedAt: '2026-11-22T09:00:00.000Z', durationMs: 4_000 };
const setAtStart: CookieObservation['events'] = [
  { atMs: 0, action: 'set', kind: 'http', url: 'https://a.example/' },
];

function cookie(changes: Partial<CookieObservation>): CookieObservation {
  const [saved] = savedObservation('shop').cookies;
  if (!saved) throw new Error('the saved observation has no cookies');
  return {
    ...saved,
    session: false,
    expiresAt: null,
    declaredLifetimeSeconds: null,
    events: setAtStart,
    ...changes,
  };
}

describe('cookieLifetime', () => {
  it('gives a session cookie no lifetime', () => {
    expect(cookieLifetime(cookie({ session: true }), scan)).toBeNull();
  });

  it.each([
    ['2026-11-22T09:00:45.000Z', 45, 1, '45 seconds'],
    ['2026-11-22T09:30:00.000Z', 1_800, 1, '30 minutes'],
    ['2026-11-22T10:00:00.000Z', 3_600, 1, '1 hour'],
    ['2026-11-23T09:00:00.000Z', 86_400, 1, '1 day'],
    ['2026-11-23T15:00:00.000Z', 108_000, 2, '30 hours'],
    ['2027-11-22T09:00:00.000Z', 31_536_000, 365, '365 days'],
    ['2027-12-27T09:00:00.000Z', 34_560_000, 400, '400 days'],
  ])('counts until %s from the write at 09:00', (expiresAt, seconds, days, text) => {
    expect(cookieLifetime(cookie({ expiresAt }), scan)).toEqual({ seconds, days, text });
  });

  it('counts from the last write, because renewing a cookie prolongs it', () => {
    const events: CookieObservation['events'] = [
      { atMs: 0, action: 'set', kind: 'javascript', url: null },
      { atMs: 600_000, action: 'changed', kind: 'javascript', url: null },
      { atMs: 700_000, action: 'deleted', kind: 'javascript', url: null },
    ];
    expect(cookieLifetime(cookie({ expiresAt: '2026-11-22T10:10:00.000Z', events }), scan)?.seconds).toBe(
      3_600,
    );
  });

  it('counts from the end of the scan when nobody was seen writing the cookie', () => {
    const unseen = cookie({ expiresAt: '2026-11-22T09:01:04.000Z', events: [] });
    expect(cookieLifetime(unseen, scan)?.seconds).toBe(60);
  });

  it('says what was asked for when the browser grants less', () => {
    const capped = cookie({ expiresAt: '2027-12-27T09:00:00.000Z', declaredLifetimeSeconds: 63_072_000 });
    expect(cookieLifetime(capped, scan)?.text).toBe('400 days (asked for 2 years)');
  });

  it('prefers what was asked for over a measurement that differs by seconds', () => {
    const late = cookie({ expiresAt: '2026-12-22T09:00:02.400Z', declaredLifetimeSeconds: 2_592_000 });
    expect(cookieLifetime(late, scan)).toEqual({ seconds: 2_592_000, days: 30, text: '30 days' });
  });

  it('gives a cookie that is already over no time at all', () => {
    expect(cookieLifetime(cookie({ expiresAt: '2026-11-20T00:00:00.000Z' }), scan)).toMatchObject({
      seconds: 0,
      days: 0,
    });
  });
});

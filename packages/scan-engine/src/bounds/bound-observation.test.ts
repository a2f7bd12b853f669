import { siteObservationSchema } from '@cookie-scanner/contracts';
import { sampleCookie, sampleObservation } from '@cookie-scanner/contracts/testing';
import { describe, expect, it } from '@jest/globals';
import { boundObservation } from './bound-observation.ts';

const sample = siteObservationSchema.parse(sampleObservation());
const cookie = sampleCookie();

describe('the bounds of an observation', () => {
  it('leave an ordinary one as it is', () => {
    expect(boundObservation(sample)).toEqual(sample);
  });

  it('keep so many refused cookies, and say how many there were', () => {
    const blocked = { name: 'n', domain: 'shop.test', url: 'https://shop.test/', reasons: ['NotStored'] };
    const bounded = boundObservation({
      ...sample,
      blockedCookies: Array.from({ length: 50_000 }, (_each, index) => ({ ...blocked, name: `n${index}` })),
    });
    expect(bounded.blockedCookies).toHaveLength(2_000);
    expect(bounded.blockedCookies.at(-1)?.name).toBe('n1999');
    expect(bounded.quality.truncated).toEqual([{ list: 'blockedCookies', kept: 2_000, total: 50_000 }]);
  });

  it('shorten names of a megabyte', () => {
    const name = 'x'.repeat(1_000_000);
    const bounded = boundObservation({
      ...sample,
      blockedCookies: [{ name, domain: 'shop.test', url: 'https://shop.test/', reasons: [] }],
    });
    expect(bounded.blockedCookies[0]?.name).toHaveLength(4_097);
  });

  it('keep the first events of a cookie that is written without end, and say it once for all cookies', () => {
    const event = { atMs: 1, action: 'changed', kind: 'javascript', url: null } as const;
    const written = (times: number) => ({ ...cookie, events: Array.from({ length: times }, () => event) });
    const bounded = boundObservation({ ...sample, cookies: [written(300), written(20_000), written(3)] });
    expect(bounded.cookies.map(({ events }) => events.length)).toEqual([200, 200, 3]);
    expect(bounded.quality.truncated).toEqual([{ list: 'cookies.events', kept: 200, total: 20_000 }]);
  });
});

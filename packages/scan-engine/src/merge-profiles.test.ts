import type { SiteObservation } from '@cookie-scanner/contracts';
import { sampleCookie, sampleObservation } from '@cookie-scanner/contracts/testing';
import { describe, expect, it } from '@jest/globals';
import { mergeProfiles } from './merge-profiles.ts';

const HOME = 'https://shop.example/';
const CART = 'https://shop.example/cart';

/** What one profile saw on one page. */
function seenOn(
  url: string,
  cookies: SiteObservation['cookies'],
  change: Partial<SiteObservation> = {},
): SiteObservation {
  return sampleObservation(cookies, {
    pages: [
      {
        url,
        httpStatus: 200,
        status: 'success',
        statusReason: null,
        title: null,
        redirects: [],
        tls: null,
        facts: null,
      },
    ],
    ...change,
  });
}

const setAt = (atMs: number): SiteObservation['cookies'][number]['events'] => [
  { atMs, action: 'set', kind: 'http', url: HOME },
];

describe('several profiles', () => {
  it('make one observation, and one alone is left as it is', () => {
    const home = seenOn(HOME, [sampleCookie()]);
    expect(mergeProfiles([home])).toBe(home);
    expect(mergeProfiles([home, seenOn(CART, [])]).pages.map(({ url }) => url)).toEqual([HOME, CART]);
  });

  it('list a cookie once, with its pages and events, as the last of them had it', () => {
    const first = sampleCookie({ value: 'a', pages: [HOME], events: setAt(10), sizeBytes: 8 });
    const later = sampleCookie({ value: 'b', pages: [CART], events: setAt(900), sizeBytes: 9 });
    expect(mergeProfiles([seenOn(HOME, [first]), seenOn(CART, [later])]).cookies).toEqual([
      {
        ...later,
        pages: [HOME, CART],
        events: [...setAt(10), ...setAt(900)],
        sameInAllProfiles: false,
      },
    ]);
  });

  it('tell of a value whether all of them got the same, where more than one got any', () => {
    const theme = sampleCookie({ name: 'theme', value: 'dark' });
    const { cookies } = mergeProfiles([seenOn(HOME, [theme]), seenOn(CART, [theme, sampleCookie()])]);
    expect(cookies.map(({ name, sameInAllProfiles }) => [name, sameInAllProfiles])).toEqual([
      ['theme', true],
      ['session', null],
    ]);
  });

  it.each([{ path: '/cart' }, { domain: '.shop.example' }, { partitionKey: 'https://shop.example' }])(
    'keep cookies apart that differ in %j',
    (change) => {
      const parts = [seenOn(HOME, [sampleCookie()]), seenOn(CART, [sampleCookie(change)])];
      expect(mergeProfiles(parts).cookies).toHaveLength(2);
    },
  );

  it('believe the one that saw who set a cookie', () => {
    const unknown = sampleCookie({
      setBy: { kind: 'unknown', url: null, initiators: [], confidence: 'unknown' },
      events: [],
    });
    const merged = mergeProfiles([seenOn(HOME, [sampleCookie()]), seenOn(CART, [unknown])]);
    expect(merged.cookies).toMatchObject([{ setBy: { kind: 'http', url: HOME } }]);
    expect(merged.quality.unattributedShare).toBe(0);
  });

  it('do not call a cookie gone that one of them kept', () => {
    const gone = sampleCookie({ pages: [HOME], events: setAt(5) });
    const other = sampleCookie({ name: 'other' });
    const parts = [
      seenOn(HOME, [], { transientCookies: [gone, other] }),
      seenOn(CART, [sampleCookie({ pages: [CART], events: setAt(700) })]),
    ];
    const { cookies, transientCookies } = mergeProfiles(parts);
    expect(transientCookies.map(({ name }) => name)).toEqual(['other']);
    expect(cookies).toMatchObject([{ name: 'session', events: [{ atMs: 5 }, { atMs: 700 }] }]);
  });

  it('add up requests and refusals, and name each host and storage item once', () => {
    const host = { host: 'shop.example', party: 'first' as const, requests: 2, cnames: [], detail: null };
    const item = sampleObservation([]).storage;
    const refused = { host: '10.0.0.1', port: 80, reason: 'address_not_allowed', count: 2 };
    const part = seenOn(HOME, [], {
      requests: { total: 3, thirdParty: 1, hosts: ['shop.example'] },
      hosts: [{ ...host, address: '192.0.2.1', outcome: 'connected' }],
      storage: [
        ...item,
        {
          kind: 'local',
          origin: HOME,
          key: 'k',
          sizeBytes: 1,
          valueShape: null,
          setBy: sampleCookie().setBy,
          consentStates: [],
        },
      ],
    });
    const merged = mergeProfiles([
      { ...part, quality: { ...part.quality, refusedConnections: [refused] } },
      { ...part, quality: { ...part.quality, refusedConnections: [refused], notes: ['a', 'a'] } },
    ]);
    expect(merged.requests).toEqual({ total: 6, thirdParty: 2, hosts: ['shop.example'] });
    expect(merged.hosts).toMatchObject([{ host: 'shop.example', requests: 4, outcome: 'connected' }]);
    expect(merged.storage).toHaveLength(1);
    expect(merged.quality.refusedConnections).toEqual([{ ...refused, count: 4 }]);
    expect(merged.quality.notes).toEqual(['a']);
  });

  it('end as the first page did, and in part when time ran out on a later one', () => {
    const late = seenOn(CART, [], { status: 'failed', statusReason: 'timeout' });
    const timedOut = { ...late, quality: { ...late.quality, timedOut: true } };
    expect(mergeProfiles([seenOn(HOME, []), late])).toMatchObject({ status: 'success', statusReason: null });
    expect(mergeProfiles([seenOn(HOME, []), timedOut])).toMatchObject({
      status: 'partial',
      statusReason: 'timeout',
      quality: { timedOut: true },
    });
  });
});

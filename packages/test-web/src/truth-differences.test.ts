import { describe, expect, it } from '@jest/globals';
import { byScript, cookie } from './truth-builders.ts';
import { truthDifferences, type ObservedCookie } from './truth-differences.ts';

const id = cookie({
  name: 'id',
  value: /^\d+$/,
  domain: '.shop.test',
  setBy: byScript('https://cdn.test/a.js', ['https://cdn.test/gtm.js']),
  lifetimeSeconds: 3_600,
});

const seen: ObservedCookie = {
  name: 'id',
  domain: '.shop.test',
  path: '/',
  hostOnly: false,
  partitionKey: null,
  party: 'first',
  setBy: { kind: 'javascript', url: 'https://cdn.test/a.js', initiators: ['https://cdn.test/gtm.js'] },
  httpOnly: false,
  secure: false,
  sameSite: 'unset',
  session: false,
  value: '123',
  lifetimeSeconds: 3_590,
};

describe('truthDifferences', () => {
  it('finds none when everything is as it should be', () => {
    expect(truthDifferences([id], [seen])).toEqual([]);
  });

  it('names a cookie that was not seen and one that should not be there', () => {
    expect(truthDifferences([id], [{ ...seen, name: 'other' }])).toEqual([
      'missing: cookie "id" of .shop.test/',
      'unexpected: cookie "other" of .shop.test/',
    ]);
  });

  it('tells a partitioned cookie from its unpartitioned twin', () => {
    const partitioned = { ...seen, partitionKey: 'https://top.test' };
    expect(truthDifferences([id], [seen, partitioned])).toEqual([
      'unexpected: cookie "id" of .shop.test/ partitioned by https://top.test',
    ]);
  });

  it('reports the same cookie seen twice', () => {
    expect(truthDifferences([id], [seen, seen])).toHaveLength(1);
  });

  it.each<[Partial<ObservedCookie>, string]>([
    [{ secure: true }, 'secure is true, not false'],
    [{ party: 'third' }, 'party is third, not first'],
    [{ sameSite: 'Lax' }, 'sameSite is Lax, not unset'],
    [{ session: true }, 'session is true, not false'],
    [{ lifetimeSeconds: 60 }, 'lives 60 s, not 3600 s'],
    [{ declaredLifetimeSeconds: 60 }, 'was to live 60 s, not 3600 s'],
    [{ value: 'abc' }, 'value is "abc", not /^\\d+$/'],
    [{ setBy: { kind: 'http', url: 'https://cdn.test/a.js' } }, 'set by http, not javascript'],
    [{ setBy: { kind: 'javascript', url: null } }, 'set by null, not https://cdn.test/a.js'],
    [{ setBy: { ...seen.setBy, initiators: [] } }, 'https://cdn.test/gtm.js is not among its initiators'],
  ])('names the field that is wrong: %j', (wrong, difference) => {
    expect(truthDifferences([id], [{ ...seen, ...wrong }])).toEqual([
      `cookie "id" of .shop.test/: ${difference}`,
    ]);
  });

  it('leaves out what the scanner does not say', () => {
    const bare = Object.fromEntries(
      Object.entries(seen).filter(([field]) => field !== 'value' && field !== 'lifetimeSeconds'),
    ) as unknown as ObservedCookie;
    expect(truthDifferences([id], [bare])).toEqual([]);
    const setBy = { kind: 'javascript', url: 'https://cdn.test/a.js' };
    expect(truthDifferences([id], [{ ...seen, setBy }])).toEqual([]);
  });
});

import type { Setter } from '@cookie-scanner/contracts';
import { describe, expect, it } from '@jest/globals';
import type { JarCookie, JarSnapshot } from '../collectors/cookie-jar.ts';
import { parseCookieLine } from '../collectors/cookie-line.ts';
import { buildCookieLedger } from './cookie-ledger.ts';
import type { CookieWrite } from './cookie-writes.ts';

const PAGE = 'https://www.shop.test/';
const SCRIPT = 'https://cdn.test/tag.js';
const byHttp: Setter = { kind: 'http', url: PAGE, initiators: [], confidence: 'observed' };
const byScript: Setter = { kind: 'javascript', url: SCRIPT, initiators: [PAGE], confidence: 'observed' };

let clockMs = 0;

function write(line: string, more: Partial<CookieWrite> = {}): CookieWrite {
  clockMs += 10;
  const url = more.url ?? PAGE;
  return {
    atMs: clockMs,
    cookie: parseCookieLine(line, url, 0),
    host: new URL(url).hostname,
    setter: byHttp,
    outcome: 'stored',
    reasons: [],
    url,
    ...more,
  };
}

function held(fields: Partial<JarCookie> = {}): JarCookie {
  return {
    name: 'id',
    value: '1',
    domain: 'www.shop.test',
    path: '/',
    httpOnly: false,
    secure: false,
    sameSite: 'unset',
    expires: null,
    partitionSite: null,
    sizeBytes: 3,
    ...fields,
  };
}

function snapshotOf(...jar: JarCookie[]): JarSnapshot {
  return { atMs: 0, jar, afterRequestIds: [] };
}

describe('an answer that clears the cookies of its site', () => {
  const clearing = { atMs: 1_000, url: 'https://api.shop.test/logout' };

  it('ends those that were set before, and no other site’s', () => {
    const ledger = buildCookieLedger(
      [
        write('id=1', { atMs: 1, outcome: 'unsure' }),
        write('other=1', { atMs: 2, host: 'cdn.test', url: 'https://cdn.test/' }),
        write('later=1', { atMs: 1_001 }),
      ],
      [],
      [clearing],
    );
    expect(
      ledger.entries().map(({ cookie, isAlive, wasStored }) => [cookie.name, isAlive, wasStored]),
    ).toEqual([
      ['id', false, true],
      ['other', true, true],
      ['later', true, true],
    ]);
    expect(ledger.find(held())?.events.at(-1)).toEqual({
      atMs: 1_000,
      action: 'deleted',
      kind: 'http',
      url: clearing.url,
    });
  });
});

describe('the life of one cookie', () => {
  it('begins with the one who set it', () => {
    const ledger = buildCookieLedger([write('id=1', { atMs: 12.6 })], []);
    expect(ledger.find(held())).toMatchObject({
      setter: byHttp,
      domain: 'www.shop.test',
      hostOnly: true,
      isAlive: true,
      wasStored: true,
      events: [{ atMs: 13, action: 'set', kind: 'http', url: PAGE }],
    });
  });

  it('keeps its first setter when somebody changes it, and what was asked for last', () => {
    const ledger = buildCookieLedger([write('id=1'), write('id=2; Max-Age=60', { setter: byScript })], []);
    const entry = ledger.find(held());
    expect(entry?.setter).toEqual(byHttp);
    expect(entry?.cookie).toMatchObject({ value: '2', lifetimeSeconds: 60 });
    expect(entry?.events.map(({ action, kind }) => [action, kind])).toEqual([
      ['set', 'http'],
      ['changed', 'javascript'],
    ]);
  });

  it('ends with a deletion, and a cookie that is gone was there', () => {
    const ledger = buildCookieLedger(
      [write('id=1', { outcome: 'unsure' }), write('id=; Max-Age=0', { setter: byScript })],
      [],
    );
    expect(ledger.entries()).toMatchObject([
      { isAlive: false, wasStored: true, events: [{ action: 'set' }, { action: 'deleted', url: SCRIPT }] },
    ]);
  });

  it('begins anew, with a new setter, after a deletion', () => {
    const ledger = buildCookieLedger(
      [write('id=1'), write('id=; Max-Age=0'), write('id=2', { setter: byScript })],
      [],
    );
    expect(ledger.find(held())).toMatchObject({ setter: byScript, isAlive: true });
    expect(ledger.find(held())?.events.map(({ action }) => action)).toEqual(['set', 'deleted', 'set']);
  });

  it('is not ended twice', () => {
    const ledger = buildCookieLedger([write('id=1'), write('id=; Max-Age=0'), write('id=; Max-Age=-1')], []);
    expect(ledger.entries()[0]?.events.map(({ action }) => action)).toEqual(['set', 'deleted']);
  });

  it('does not begin with the deletion of a cookie that was never there', () => {
    expect(buildCookieLedger([write('id=; Max-Age=0')], []).entries()).toEqual([]);
  });

  it('is not ended by a deletion for another path, another domain or another partition', () => {
    const ledger = buildCookieLedger(
      [
        write('id=1; Path=/'),
        write('id=; Max-Age=0; Path=/sub'),
        write('id=; Max-Age=0; Domain=shop.test'),
        write('id=; Max-Age=0; Secure; Partitioned'),
      ],
      [],
    );
    expect(ledger.entries()).toMatchObject([{ isAlive: true, events: [{ action: 'set' }] }]);
  });

  it('is not ended by a deletion that the browser refused', () => {
    const ledger = buildCookieLedger([write('id=1'), write('id=; Max-Age=0', { outcome: 'refused' })], []);
    expect(ledger.find(held())?.isAlive).toBe(true);
  });
});

describe('a write nobody is sure of', () => {
  it('is believed when the cookie was in the jar at some time', () => {
    const ledger = buildCookieLedger(
      [write('id=1', { outcome: 'unsure' })],
      [snapshotOf(), snapshotOf(held()), snapshotOf()],
    );
    expect(ledger.entries()).toMatchObject([{ wasStored: true }]);
  });

  it('is not believed when it never was', () => {
    const ledger = buildCookieLedger(
      [write('id=1', { outcome: 'unsure' })],
      [snapshotOf(held({ name: 'other' }))],
    );
    expect(ledger.entries()).toMatchObject([{ wasStored: false }]);
  });

  it('does not take a cookie away from the one who set it', () => {
    const ledger = buildCookieLedger(
      [write('id=1'), write('id=2', { outcome: 'unsure', setter: byScript })],
      [],
    );
    expect(ledger.find(held())).toMatchObject({
      setter: byHttp,
      cookie: { value: '1' },
      events: [{ action: 'set' }],
    });
  });

  it('gives way to one that succeeded later', () => {
    const ledger = buildCookieLedger(
      [write('id=1', { outcome: 'unsure', setter: byScript }), write('id=2')],
      [],
    );
    expect(ledger.find(held())).toMatchObject({ setter: byHttp, wasStored: true, cookie: { value: '2' } });
  });

  it('was refused, and not stored for a moment, when a rule forbids it, although its script deletes it again', () => {
    // Libraries find out the widest domain they may write to by trying them all and cleaning up behind them.
    const probe = { outcome: 'unsure', setter: byScript } as const;
    const ledger = buildCookieLedger(
      [write('probe=1; Domain=test', probe), write('probe=; Domain=test; Max-Age=0', { setter: byScript })],
      [],
    );
    expect(ledger.entries()).toMatchObject([{ wasStored: false }]);
  });
});

describe('a write that the browser refused', () => {
  it('leaves no trace', () => {
    expect(buildCookieLedger([write('id=1', { outcome: 'refused' })], []).entries()).toEqual([]);
  });

  it('does not change the cookie it aimed at', () => {
    const ledger = buildCookieLedger(
      [write('id=1'), write('id=2', { outcome: 'refused', setter: byScript })],
      [],
    );
    expect(ledger.find(held())).toMatchObject({ cookie: { value: '1' }, events: [{ action: 'set' }] });
  });
});

describe('cookies of one name', () => {
  const writes = [
    write('id=host; Path=/'),
    write('id=domain; Path=/; Domain=shop.test'),
    write('id=path; Path=/sub'),
    write('id=partitioned; Path=/; Secure; Partitioned'),
  ];
  const ledger = buildCookieLedger(writes, []);

  it.each([
    ['host-only', held(), 'host'],
    ['of the domain', held({ domain: '.shop.test' }), 'domain'],
    ['of another path', held({ path: '/sub' }), 'path'],
    ['of a partition', held({ partitionSite: 'https://shop.test' }), 'partitioned'],
  ])('stay apart: the one %s', (_what, cookie, value) => {
    expect(ledger.find(cookie)?.cookie.value).toBe(value);
  });

  it('are found in spite of a path that the browser read differently', () => {
    const odd = buildCookieLedger([write('id=1; Path=/sub')], []);
    expect(odd.find(held({ path: '/sub/deeper' }))?.cookie.value).toBe('1');
  });

  it('are found in spite of a leading dot that the browser added or dropped', () => {
    const odd = buildCookieLedger([write('id=1')], []);
    expect(odd.find(held({ domain: '.www.shop.test' }))?.cookie.value).toBe('1');
  });

  it('are not found under another name, another domain or outside their partition', () => {
    const own = buildCookieLedger([write('id=1')], []);
    expect(own.find(held({ name: 'ID' }))).toBeNull();
    expect(own.find(held({ domain: 'shop.test' }))).toBeNull();
    expect(own.find(held({ partitionSite: 'https://shop.test' }))).toBeNull();
  });
});

describe('a cookie of an address', () => {
  it.each(['http://192.0.2.1/', 'http://[2001:db8::1]/'])('of %s is host-only even with a domain', (url) => {
    const host = new URL(url).hostname;
    const ledger = buildCookieLedger([write(`id=1; Domain=${host}`, { url })], []);
    expect(ledger.entries()).toMatchObject([{ domain: host, hostOnly: true }]);
  });
});

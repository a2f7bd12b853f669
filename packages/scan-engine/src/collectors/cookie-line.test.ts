import { describe, expect, it } from '@jest/globals';
import { parseCookieLine, type CookieRequest } from './cookie-line.ts';

const NOW_MS = Date.UTC(2026, 10, 22, 12, 0, 0);
const ADDRESS = 'https://www.shop.test/account/orders?page=2';

function parse(line: string, address = ADDRESS): CookieRequest {
  return parseCookieLine(line, address, NOW_MS);
}

describe('parseCookieLine, name and value', () => {
  it.each([
    ['id=1', 'id', '1'],
    ['id=1; Path=/', 'id', '1'],
    ['  id  =  1  ;Path=/', 'id', '1'],
    ['id=', 'id', ''],
    ['id=; Path=/', 'id', ''],
    ['=value', '', 'value'],
    ['value-only', '', 'value-only'],
    ['key=a=b==', 'key', 'a=b=='],
    ['quoted="a b"', 'quoted', '"a b"'],
    ['list=a,b,c', 'list', 'a,b,c'],
    ['name with spaces=value with spaces', 'name with spaces', 'value with spaces'],
    ['\tid\t=\t1\t', 'id', '1'],
    ['naïve_ключ=grüße', 'naïve_ключ', 'grüße'],
    ['', '', ''],
    ['=', '', ''],
    [';', '', ''],
    [';id=1', '', ''],
    ['id=%3B%20', 'id', '%3B%20'],
    ['__Host-id=1; Secure', '__Host-id', '1'],
    ['id=a;b=c', 'id', 'a'],
  ])('of %j are %j and %j', (line, name, value) => {
    expect(parse(line)).toMatchObject({ name, value });
  });
});

describe('parseCookieLine, path', () => {
  it.each([
    ['id=1; Path=/shop', '/shop'],
    ['id=1; path=/shop/', '/shop/'],
    ['id=1; PATH = /shop ', '/shop'],
    ['id=1; Path=', '/account'],
    ['id=1; Path', '/account'],
    ['id=1; Path=shop', '/account'],
    ['id=1', '/account'],
    ['id=1; Path=/a; Path=/b', '/b'],
    ['id=1; Path=/a; Path=', '/account'],
  ])('of %j is %s', (line, path) => {
    expect(parse(line).path).toBe(path);
  });

  it.each([
    ['https://shop.test', '/'],
    ['https://shop.test/', '/'],
    ['https://shop.test/page', '/'],
    ['https://shop.test/dir/', '/dir'],
    ['https://shop.test/dir/sub/page.html', '/dir/sub'],
    ['https://shop.test/page?back=/a/b', '/'],
    ['about:blank', '/'],
    ['', '/'],
  ])('is by default the directory of %j', (address, path) => {
    expect(parse('id=1', address).path).toBe(path);
  });
});

describe('parseCookieLine, domain', () => {
  it.each([
    ['id=1', null],
    ['id=1; Domain=', null],
    ['id=1; Domain', null],
    ['id=1; Domain=shop.test', 'shop.test'],
    ['id=1; Domain=.shop.test', 'shop.test'],
    ['id=1; domain = SHOP.Test', 'shop.test'],
    ['id=1; Domain=a.test; Domain=b.test', 'b.test'],
  ])('of %j is %j', (line, domain) => {
    expect(parse(line).domain).toBe(domain);
  });
});

describe('parseCookieLine, flags', () => {
  it.each([
    ['id=1; Secure', { secure: true, httpOnly: false, partitioned: false }],
    ['id=1;secure;httponly', { secure: true, httpOnly: true }],
    ['id=1; HttpOnly=no; Secure=false', { secure: true, httpOnly: true }],
    ['id=1; Secure; Partitioned', { secure: true, partitioned: true }],
    ['Secure=1', { secure: false }],
    ['id=1; xSecure; Secure x', { secure: false }],
  ])('of %j are %j', (line, flags) => {
    expect(parse(line)).toMatchObject(flags);
  });

  it.each([
    ['id=1; SameSite=Strict', 'Strict'],
    ['id=1; samesite=lax', 'Lax'],
    ['id=1; SameSite=NONE', 'None'],
    ['id=1', 'unset'],
    ['id=1; SameSite', 'unset'],
    ['id=1; SameSite=Sideways', 'unset'],
    ['id=1; SameSite=Strict; SameSite=Lax', 'Lax'],
  ])('SameSite of %j is %s', (line, sameSite) => {
    expect(parse(line).sameSite).toBe(sameSite);
  });
});

describe('parseCookieLine, life', () => {
  it.each([
    ['id=1', null],
    ['id=1; Max-Age=3600', 3_600],
    ['id=1; max-age = 60 ', 60],
    ['id=1; Max-Age=0', 0],
    ['id=1; Max-Age=-1', -1],
    ['id=1; Max-Age=', null],
    ['id=1; Max-Age=soon', null],
    ['id=1; Max-Age=63072000', 63_072_000],
    ['id=1; Max-Age=60; Expires=Sun, 29 Nov 2026 12:00:00 GMT', 60],
    ['id=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60', 60],
    ['id=1; Max-Age=soon; Expires=Sun, 22 Nov 2026 13:00:00 GMT', 3_600],
    ['id=1; Max-Age=10; Max-Age=20', 20],
  ])('of %j is %j seconds', (line, lifetimeSeconds) => {
    expect(parse(line).lifetimeSeconds).toBe(lifetimeSeconds);
  });

  it.each([
    'Sun, 22 Nov 2026 13:00:00 GMT',
    'Sunday, 22-Nov-26 13:00:00 GMT',
    'Sun, 22-Nov-2026 13:00:00 GMT',
    'Sun Nov 22 13:00:00 2026',
    'Sun Nov 22 2026 13:00:00 GMT+0000 (Coordinated Universal Time)',
    '22 Nov 2026 13:00:00 GMT',
    'sun, 22 nov 2026 13:00:00 gmt',
  ])('reads the date %j', (date) => {
    expect(parse(`id=1; Expires=${date}`).lifetimeSeconds).toBe(3_600);
  });

  it('is over when the date is past', () => {
    expect(parse('id=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT').lifetimeSeconds).toBeLessThanOrEqual(0);
    expect(parse('id=1; Expires=Thu, 01-Jan-70 00:00:01 GMT').lifetimeSeconds).toBeLessThanOrEqual(0);
  });

  it('reads years of two digits as browsers do: up to 69 they are to come', () => {
    expect(parse('id=1; Expires=Sat, 22-Nov-69 12:00:00 GMT').lifetimeSeconds).toBeGreaterThan(0);
    expect(parse('id=1; Expires=Sat, 22-Nov-70 12:00:00 GMT').lifetimeSeconds).toBeLessThan(0);
  });

  it.each([
    '2026-11-22T13:00:00.000Z',
    '2026-11-22 13:00:00',
    'Sun, 22 Nov 2026',
    'Sun, 31 Feb 2099 12:00:00 GMT',
    '11/22/2026',
    '1763812800000',
    '0',
    '-1',
    'tomorrow',
    '',
    'Invalid Date',
    'Infinity',
  ])('is that of a session for %j, which browsers do not read', (date) => {
    expect(parse(`id=1; Expires=${date}`).lifetimeSeconds).toBeNull();
  });

  it.each(['9'.repeat(20), '9'.repeat(400)])(
    'is a number that can be written down for Max-Age=%s',
    (maxAge) => {
      const { lifetimeSeconds } = parse(`id=1; Max-Age=${maxAge}`);
      expect(Number.isSafeInteger(lifetimeSeconds)).toBe(true);
      expect(lifetimeSeconds).toBeGreaterThan(400 * 86_400);
    },
  );
});

describe('parseCookieLine, attributes too long to be read', () => {
  it('passes over a path that browsers pass over', () => {
    expect(parse(`id=1; Path=/${'p'.repeat(1_023)}`).path).toHaveLength(1_024);
    expect(parse(`id=1; Path=/${'p'.repeat(1_024)}`).path).toBe('/account');
  });
});

describe('parseCookieLine, hostile lines', () => {
  it.each([
    ['many attributes', `id=1${'; Path=/x'.repeat(10_000)}`],
    ['a long value', `id=${'x'.repeat(1_000_000)}`],
    ['names of built-in properties', 'id=1; __proto__=x; constructor=y; toString=z'],
    ['separators only', ';=;=;=;;;==='],
  ])('reads %s without failing', (_what, line) => {
    expect(typeof parse(line).name).toBe('string');
  });
});

import { describe, expect, it } from '@jest/globals';
import {
  depthMaxSchema,
  extraHeadersSchema,
  localeSchema,
  pagesMaxSchema,
  userAgentSchema,
  viewportSchema,
} from './scan-options.ts';
import { scanParamsSchema } from './scan.ts';
import { accepts, problemsOf } from './problems-of.test.helper.ts';

describe('scan parameters', () => {
  it.each([
    {},
    { mode: 'deep' },
    { timeoutMs: 5_000 },
    { mode: 'quick', timeoutMs: 600_000 },
    { device: 'phone', viewport: { width: 360, height: 740 }, locale: 'de-DE', timeZone: 'Europe/Berlin' },
    { viewport: null, locale: null, timeZone: null, userAgent: null },
    { pagesMax: 500, depthMax: 0, samplesPerPatternMax: 1, robots: 'ignore', jar: 'isolated' },
    { pagesMax: null, depthMax: null },
  ])('accept %j', (params) => {
    expect(accepts(scanParamsSchema, params)).toBe(true);
  });

  it.each([
    { timeoutMs: 0 },
    { timeoutMs: -1 },
    { timeoutMs: 1e9 },
    { timeoutMs: 5_000.5 },
    { timeoutMs: '60000' },
    { timeoutMs: Number.NaN },
    { timeoutMs: Infinity },
    { mode: 'everything' },
    { mode: null },
    { depth: 3 },
    { userAgent: '' },
    { device: 'watch' },
    { pagesMax: 0 },
    { pagesMax: 501 },
    { depthMax: 11 },
    { samplesPerPatternMax: 0 },
    { robots: 'obey' },
    { jar: 'shared' },
    { device: null },
    { viewport: { width: 1, height: 1 } },
    { locale: 'xx' },
    { timeZone: '+02:00' },
    null,
    [],
  ])('refuse %j', (params) => {
    expect(accepts(scanParamsSchema, params)).toBe(false);
  });

  it('refuse keys that would reach the prototype', () => {
    expect(problemsOf(scanParamsSchema, JSON.parse('{"__proto__":{"isAdmin":true}}'))).not.toEqual([]);
    expect(problemsOf(scanParamsSchema, JSON.parse('{"constructor":{"prototype":{}}}'))).not.toEqual([]);
  });
});

describe('the values of browser options', () => {
  it.each([
    ['a viewport', viewportSchema, { width: 1_280, height: 800 }],
    ['a user agent', userAgentSchema, 'Mozilla/5.0 (X11; Linux x86_64) Test/1.0'],
    ['a language', localeSchema, 'de-DE'],
    ['a number of pages', pagesMaxSchema, 25],
    ['a depth', depthMaxSchema, 0],
    ['no further headers', extraHeadersSchema, []],
    ['a further header', extraHeadersSchema, [{ name: 'X-Test', value: 'a b' }]],
  ])('may be %s', (_what, schema, value) => {
    expect(problemsOf(schema, value)).toEqual([]);
  });

  it.each([
    ['one pixel', viewportSchema, { width: 1, height: 1 }],
    ['a huge page', viewportSchema, { width: 100_000, height: 100_000 }],
    ['half a pixel', viewportSchema, { width: 800.5, height: 600 }],
    ['unknown keys', viewportSchema, { width: 800, height: 600, zoom: 2 }],
    ['a user agent with CRLF', userAgentSchema, 'Mozilla\r\nX-Evil: 1'],
    ['a user agent of 10 KB', userAgentSchema, 'x'.repeat(10_240)],
    ['an empty user agent', userAgentSchema, ''],
    ['a user agent outside ASCII', userAgentSchema, 'Möbel'],
    ['an unknown language', localeSchema, 'xx'],
    ['no form of a language', localeSchema, 'de_DE\n'],
    ['a long language', localeSchema, 'a'.repeat(36)],
    ['no pages', pagesMaxSchema, 0],
    ['a million pages', pagesMaxSchema, 1_000_000],
    ['a million levels', depthMaxSchema, 1e6],
    ['the host', extraHeadersSchema, [{ name: 'Host', value: 'evil.example' }]],
    ['cookies', extraHeadersSchema, [{ name: 'Cookie', value: 'a=b' }]],
    ['a proxy header', extraHeadersSchema, [{ name: 'Proxy-Authorization', value: 'x' }]],
    ['a header value with CRLF', extraHeadersSchema, [{ name: 'X-A', value: 'a\r\nX-B: c' }]],
    ['a header name with CRLF', extraHeadersSchema, [{ name: 'Cookie:\r\n', value: 'a' }]],
    ['a header name with a space', extraHeadersSchema, [{ name: 'X A', value: 'a' }]],
    [
      'one header twice',
      extraHeadersSchema,
      [
        { name: 'X-A', value: 'a' },
        { name: 'x-a', value: 'b' },
      ],
    ],
    ['21 headers', extraHeadersSchema, Array.from({ length: 21 }, (_, n) => ({ name: `x-${n}`, value: '' }))],
  ])('may not be %s', (_what, schema, value) => {
    expect(accepts(schema, value)).toBe(false);
  });
});

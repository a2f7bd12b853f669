import { describe, expect, it } from '@jest/globals';
import { joinRoutes } from './route-table.ts';
import type { Answer, Site } from './site.ts';
import { truth } from './truth-builders.ts';

const answers = { home: () => undefined, rest: () => undefined, secure: () => undefined } satisfies Record<
  string,
  Answer
>;

function site(name: string, routes: Site['routes']): Site {
  return { name, url: 'https://shop.test/', summary: '', routes, truth: truth('https://shop.test/') };
}

describe('joinRoutes', () => {
  const table = joinRoutes([
    site('shop', { 'shop.test/': answers.home, 'shop.test/files/*': answers.rest }),
    site('bank', { 'https://bank.test/': answers.secure }),
  ]);

  it('finds an address by host and path, whatever its port and query', () => {
    expect(table.answer(new URL('http://shop.test:8080/?a=1'))).toBe(answers.home);
    expect(table.answer(new URL('https://shop.test/files/a/b'))).toBe(answers.rest);
    expect(table.answer(new URL('https://shop.test/other'))).toBeUndefined();
  });

  it('keeps a route with a scheme to that scheme', () => {
    expect(table.answer(new URL('https://bank.test/'))).toBe(answers.secure);
    expect(table.answer(new URL('http://bank.test/'))).toBeUndefined();
  });

  it('knows which hosts belong to a site', () => {
    expect(table.ownsHost('bank.test')).toBe(true);
    expect(table.ownsHost('vendor.test')).toBe(false);
  });

  it('refuses two sites that claim one address', () => {
    const routes = { 'shop.test/': answers.home };
    expect(() => joinRoutes([site('a', routes), site('b', routes)])).toThrow('b claims http://shop.test/');
  });

  it('refuses two sites of one name', () => {
    expect(() => joinRoutes([site('a', {}), site('a', {})])).toThrow('two sites are named a');
  });
});

import { describe, expect, it } from '@jest/globals';
import { ownHost } from './own-host.ts';

describe('the own host of a scan', () => {
  it.each([
    ['https://shop.test/a', 'https://shop.test/b?c'],
    ['https://shop.test:8443/', 'https://shop.test:8443/x'],
    ['http://shop.test/', 'http://shop.test/x'],
    ['http://shop.test/', 'https://shop.test/x'],
  ])('of %s includes %s', (start, url) => {
    expect(ownHost(start).includes(url)).toBe(true);
  });

  it.each([
    ['https://shop.test/', 'https://www.shop.test/'],
    ['https://shop.test/', 'https://shop.test.evil.test/'],
    ['https://shop.test/', 'https://evil.test/?https://shop.test/'],
    ['https://shop.test/', 'https://shop.test@evil.test/'],
    ['https://shop.test/', 'https://shop.test:8443/'],
    ['https://shop.test/', 'http://shop.test/'],
    ['http://shop.test:8080/', 'https://shop.test:8080/'],
    ['https://shop.test/', 'null'],
  ])('of %s does not include %s', (start, url) => {
    expect(ownHost(start).includes(url)).toBe(false);
  });
});

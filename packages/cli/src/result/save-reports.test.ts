import { describe, expect, it } from '@jest/globals';
import { reportName } from './save-reports.ts';

const at = Date.parse('2026-11-22T09:08:07.654Z');

describe('reportName', () => {
  it.each([
    ['https://shop.test/a/b?c', 'shop.test-2026-11-22T09-08-07Z'],
    ['https://[2001:db8::1]:8443/', '_2001_db8__1_-2026-11-22T09-08-07Z'],
    ['https://xn--e1afmkfd.xn--p1ai/', 'xn--e1afmkfd.xn--p1ai-2026-11-22T09-08-07Z'],
    ['../../etc/passwd', 'site-2026-11-22T09-08-07Z'],
  ])('makes a file name that every system takes from %s', (requestedUrl, expected) => {
    expect(reportName({ requestedUrl, finalUrl: null }, at)).toBe(expected);
  });

  it('names the site that was finally shown', () => {
    const urls = { requestedUrl: 'http://short.test/x', finalUrl: 'https://long.test/' };
    expect(reportName(urls, at)).toMatch(/^long\.test-/);
  });
});

import { describe, expect, it } from '@jest/globals';
import { BULK_URLS_MAX, bulkScanBodySchema, checkBulkUrls } from './bulk-scan.ts';
import { accepts, problemsOf } from './problems-of.test.helper.ts';

const numbered = (urls: string[]) => urls.map((url, index) => ({ row: index + 1, url }));
const same = (count: number) => Array.from({ length: count }, () => 'https://example.com/');

describe('a bulk submission', () => {
  it('has one to 10,000 URLs', () => {
    expect(accepts(bulkScanBodySchema, { urls: same(1) })).toBe(true);
    expect(accepts(bulkScanBodySchema, { urls: same(BULK_URLS_MAX), mode: 'quick' })).toBe(true);
    expect(accepts(bulkScanBodySchema, { urls: [] })).toBe(false);
    expect(accepts(bulkScanBodySchema, { urls: same(10_001) })).toBe(false);
    expect(accepts(bulkScanBodySchema, {})).toBe(false);
  });

  it('takes no other keys, the URL of a single scan included', () => {
    expect(problemsOf(bulkScanBodySchema, { urls: same(1), url: 'https://example.com' })).toEqual([
      ': Unrecognized key: "url"',
    ]);
  });
});

describe('checkBulkUrls', () => {
  it('scans a URL that comes 10,000 times once and counts the others', () => {
    expect(checkBulkUrls(numbered(same(10_000)))).toEqual({
      accepted: [{ row: 1, url: 'https://example.com/' }],
      duplicateCount: 9_999,
      refused: [],
    });
  });

  it('takes spellings of one URL for the same', () => {
    const { accepted, duplicateCount } = checkBulkUrls(
      numbered(['https://example.com', 'HTTPS://EXAMPLE.com:443/#top']),
    );
    expect(accepted).toEqual([{ row: 1, url: 'https://example.com/' }]);
    expect(duplicateCount).toBe(1);
  });

  it('says of every bad row which it is and why, and keeps the good ones', () => {
    const { accepted, refused } = checkBulkUrls(
      numbered(['https://a.example.com', 'ftp://b', 'http://127.0.0.1', '', 'https://c.example.com']),
    );
    expect(accepted.map(({ row }) => row)).toEqual([1, 5]);
    expect(refused).toEqual([
      { row: 2, code: 'URL_INVALID', detail: expect.stringContaining('http') },
      { row: 3, code: 'ADDRESS_NOT_ALLOWED', detail: expect.stringContaining('127.0.0.1') },
      { row: 4, code: 'URL_INVALID', detail: expect.stringContaining('full URL') },
    ]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { sitemapReader } from './sitemap-reader.ts';

const PAGES = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">';

/** Reads a sitemap in pieces of so many bytes. */
function read(text: string, pieceBytes = 7): { pages: string[]; sitemaps: string[] } {
  const found = { pages: [] as string[], sitemaps: [] as string[] };
  const reader = sitemapReader({
    page: (url) => found.pages.push(url),
    sitemap: (url) => found.sitemaps.push(url),
  });
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += pieceBytes) reader.write(bytes.subarray(at, at + pieceBytes));
  reader.end();
  return found;
}

describe('a sitemap', () => {
  it('lists pages, whatever the prefix of its elements and the pieces it comes in', () => {
    const text = `\uFEFF<?xml version="1.0"?><s:urlset xmlns:s="x"><s:url><s:loc> https://shop.test/ü </s:loc></s:url>
      <s:url><s:loc><![CDATA[https://shop.test/b?c&d]]></s:loc><s:lastmod>2026-11-27</s:lastmod></s:url></s:urlset>`;
    for (const pieceBytes of [1, 7, 10_000])
      expect(read(text, pieceBytes).pages).toEqual(['https://shop.test/ü', 'https://shop.test/b?c&d']);
  });

  it('may be an index of others', () => {
    const text = '<sitemapindex><sitemap><loc>https://shop.test/a.xml</loc></sitemap></sitemapindex>';
    expect(read(text)).toEqual({ pages: [], sitemaps: ['https://shop.test/a.xml'] });
  });

  it('names images and alternates too, which are no pages', () => {
    const text = `${PAGES}<url><loc>https://shop.test/a</loc><image:image><image:loc>https://shop.test/a.png</image:loc>
      </image:image><xhtml:link rel="alternate" href="https://shop.test/de"/></url></urlset>`;
    expect(read(text).pages).toEqual(['https://shop.test/a']);
  });

  it('may forget to escape an ampersand', () => {
    const text = `${PAGES}<url><loc>https://shop.test/?a=1&b=2&amp;c=3&#38;d</loc></url></urlset>`;
    for (const pieceBytes of [1, 7, 10_000])
      expect(read(text, pieceBytes).pages).toEqual(['https://shop.test/?a=1&b=2&c=3&d']);
  });

  it('may be a text with one address a line', () => {
    expect(read('https://shop.test/a\r\nhttps://shop.test/b\n').pages).toEqual([
      'https://shop.test/a',
      'https://shop.test/b',
      '',
    ]);
  });

  it('keeps what it listed when it breaks off', () => {
    expect(read(`${PAGES}<url><loc>https://shop.test/a</loc></url><url><loc>https://sh`).pages).toEqual([
      'https://shop.test/a',
    ]);
  });

  it('that declares entities is refused before any of them is used', () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]>
      ${PAGES}<url><loc>https://shop.test/&b;</loc></url></urlset>`;
    expect(() => read(bomb)).toThrow('declares a document type');
  });

  it.each([
    ['a web page', '<!doctype html><html><body>Not found</body></html>'],
    ['some other document', '<rss><channel/></rss>'],
  ])('is not %s', (_what, text) => {
    expect(() => read(text)).toThrow('is no sitemap');
  });

  it('that is nothing but blanks costs nothing', () => {
    expect(read(' '.repeat(20_000_000), 16_384)).toEqual({ pages: [''], sitemaps: [] });
  });

  it('that nests without end is refused', () => {
    expect(() => read(`${PAGES}${'<a>'.repeat(100_000)}`, 4_096)).toThrow('nested too deeply');
  });
});

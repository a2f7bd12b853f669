import { describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { readUrls } from './url-list.ts';

async function urlsOf(text: string): Promise<string[]> {
  const urls: string[] = [];
  for await (const url of readUrls(Readable.from([text]))) urls.push(url);
  return urls;
}

describe('readUrls', () => {
  it('skips blank lines and comments, and takes every kind of line end', async () => {
    const text = '\ufeffhttps://a.test/\r\n\n  # a comment\n  https://b.test/#part  \n\t\nnot a url';
    expect(await urlsOf(text)).toEqual(['https://a.test/', 'https://b.test/#part', 'not a url']);
  });
});

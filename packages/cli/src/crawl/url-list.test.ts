import { describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { readUrls, type ListedUrl } from './url-list.ts';

async function listed(...chunks: (string | Buffer)[]): Promise<ListedUrl[]> {
  const urls: ListedUrl[] = [];
  for await (const url of readUrls(Readable.from(chunks), 'list.txt')) urls.push(url);
  return urls;
}

describe('readUrls', () => {
  it('skips blank lines and comments, and takes every kind of line end', async () => {
    const text = '\ufeffhttps://a.test/\r\n\n  # a comment\n  https://b.test/#part  \n\t\nnot a url';
    expect(await listed(text)).toEqual([
      { url: 'https://a.test/', line: 1 },
      { url: 'https://b.test/#part', line: 4 },
      { url: 'not a url', line: 6 },
    ]);
  });

  it('reads lines and characters that come in pieces', async () => {
    const bytes = Buffer.from('https://ä.test/\nhttps://b.test/');
    const pieces = Array.from({ length: bytes.length }, (_, at) => bytes.subarray(at, at + 1));
    expect((await listed(...pieces)).map(({ url }) => url)).toEqual(['https://ä.test/', 'https://b.test/']);
  });

  it.each([
    [
      'bytes that are no text',
      Buffer.from('https://a.test/\nab\u0000cd\n'),
      'Line 2 of list.txt is no text;',
    ],
    ['another encoding', Buffer.from([0x68, 0xe4, 0x0a]), 'Line 1 of list.txt is no text in UTF-8;'],
    ['UTF-16', Buffer.from('\ufeffhttps://a.test/\n', 'utf16le'), 'list.txt is written in UTF-16;'],
    ['a compressed file', Buffer.from([0x1f, 0x8b, 8, 0, 0x0a]), 'list.txt is compressed with gzip;'],
    ['no line ends', Buffer.alloc(70_000, 'a'), 'Line 1 of list.txt is longer than 65536 bytes;'],
  ])('refuses %s, and says where', async (_what, bytes, message) => {
    await expect(listed(bytes)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining(message),
    });
  });
});

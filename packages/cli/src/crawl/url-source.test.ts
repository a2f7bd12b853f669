import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { openUrlFile } from './url-source.ts';

describe('a file of URLs', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'crawl-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function file(name: string, content: string | Buffer): string {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  }
  async function urlsOf(path: string): Promise<string[]> {
    const urls: string[] = [];
    for await (const { url } of (await openUrlFile(path)).read()) urls.push(url);
    return urls;
  }

  it('knows how many different ones there are, and of which hosts', async () => {
    const path = file(
      'urls.txt',
      'https://a.test/\nhttps://a.test/\nhttps://a.test/2\nno url\nhttps://b.test/\n',
    );
    expect(await openUrlFile(path)).toMatchObject({ total: 4, hosts: ['a.test', 'b.test'] });
  });

  it('is unpacked when its name says so', async () => {
    const parts = Buffer.concat([gzipSync('https://a.test/\n'), gzipSync('https://b.test/\n')]);
    expect(await urlsOf(file('urls.txt.gz', parts))).toEqual(['https://a.test/', 'https://b.test/']);
  });

  it.each<[string, string, string | Buffer, string]>([
    ['holds nothing', 'a.txt', '', 'holds no URL'],
    ['holds comments only', 'a.txt', '# nothing\n\n', 'holds no URL'],
    [
      'is cut off',
      'a.txt.gz',
      gzipSync('https://a.test/\n'.repeat(99)).subarray(0, 30),
      'is not a complete gzip file',
    ],
    ['is not compressed', 'a.txt.gz', 'https://a.test/\n', 'is not a complete gzip file'],
    ['is no text', 'a.txt', Buffer.from([0, 1, 2]), 'Line 1 of'],
  ])('is refused when it %s', async (_what, name, content, message) => {
    await expect(openUrlFile(file(name, content))).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining(message),
    });
  });

  it('is refused when it is not there, or a folder', async () => {
    await expect(openUrlFile(join(folder, 'missing'))).rejects.toThrow('missing cannot be read;');
    await expect(openUrlFile(folder)).rejects.toThrow('cannot be read;');
  });
});

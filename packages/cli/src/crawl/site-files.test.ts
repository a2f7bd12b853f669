import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { siteFiles } from './site-files.ts';

const file = {
  kind: 'har',
  name: 'requests.har',
  contentType: 'application/json',
  bytes: Buffer.from('{}'),
} as const;

describe('files of a crawl', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'crawl-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it.each(['out.ndjson', 'out.ndjson.gz', 'out.gz', 'out'])(
    'of %s are in a folder beside it',
    async (output) => {
      const reference = await siteFiles(join(folder, output)).save('https://shop.test/a?b', file);
      expect(reference).toMatch(/^out\.files\/shop\.test-[0-9a-f]{12}\/requests\.har$/);
      expect(readFileSync(join(folder, reference), 'utf8')).toBe('{}');
      expect(readdirSync(join(folder, reference, '..'))).toEqual(['requests.har']);
    },
  );

  it.each([
    'https://../../etc/',
    'not a url/../..',
    `https://${'a'.repeat(300)}.test/`,
    'https://[::1]/',
    '',
  ])('of %j get a name that any file system takes', async (url) => {
    const reference = await siteFiles(join(folder, 'out.ndjson')).save(url, file);
    expect(reference).toMatch(/^out\.files\/[A-Za-z0-9][A-Za-z0-9.-]{0,92}-[0-9a-f]{12}\/requests\.har$/);
  });

  it('of two addresses of one host do not meet', async () => {
    const files = siteFiles(join(folder, 'out.ndjson'));
    expect(await files.save('https://a.test/1', file)).not.toBe(await files.save('https://a.test/2', file));
  });
});

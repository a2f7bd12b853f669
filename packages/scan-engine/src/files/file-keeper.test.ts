import { describe, expect, it } from '@jest/globals';
import { scanFileNameSchema } from '@cookie-scanner/contracts';
import { openFileKeeper, type FileFacts } from './file-keeper.ts';

const FACTS: Omit<FileFacts, 'label'> = {
  kind: 'screenshot',
  contentType: 'image/png',
  extension: 'png',
  pageUrl: null,
  atMs: 0,
  width: 1,
  height: 1,
};

describe('names of files', () => {
  it('are different, and safe in every file system and URL, whatever the label', async () => {
    const names: string[] = [];
    const keeper = openFileKeeper(async ({ name }) => {
      names.push(name);
      return name;
    });
    for (const label of ['page-1', 'page-1', 'Page 1', '../../etc/passwd', '', 'ümlaut', 'x'.repeat(500)])
      await keeper.save({ ...FACTS, label }, new Uint8Array(1), 1_000);
    expect(names.slice(0, 5)).toEqual([
      'page-1.png',
      'page-1-2.png',
      'page-1-3.png',
      'etc-passwd.png',
      'file.png',
    ]);
    expect(new Set(names).size).toBe(7);
    for (const name of names) expect(scanFileNameSchema.safeParse(name).success).toBe(true);
  });
});

describe('files', () => {
  it('are bounded in number, and the reader is told', async () => {
    const keeper = openFileKeeper(async ({ name }) => name);
    for (let count = 0; count < 50; count += 1)
      await keeper.save({ ...FACTS, label: 'page' }, new Uint8Array(1), 1_000);
    expect(keeper.all()).toHaveLength(40);
    expect(keeper.notes()).toEqual(['A scan keeps 40 files at most; further ones were not stored.']);
  });

  it('that take too long to store are given up', async () => {
    const keeper = openFileKeeper(async () => await new Promise<string>(() => undefined));
    await keeper.save({ ...FACTS, label: 'page' }, new Uint8Array(1), 1);
    expect([keeper.all(), keeper.notes()]).toEqual([[], ['The file page.png could not be stored.']]);
  });
});

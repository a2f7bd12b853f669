import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readProfile } from './profile-file.ts';

describe('a profile of a crawl', () => {
  let path: string;
  beforeEach(() => {
    path = join(mkdtempSync(join(tmpdir(), 'crawl-test-')), 'profile.json');
  });
  afterEach(() => rmSync(join(path, '..'), { recursive: true }));

  const write = (text: string): void => writeFileSync(path, text);

  it('stands behind what the command line says', async () => {
    write('\ufeff{"params": {"mode": "deep", "har": true}}');
    expect(await readProfile(path, {}, { mode: 'quick' })).toEqual({
      params: { mode: 'quick', har: true },
      access: null,
    });
    expect(await readProfile(null, {}, { mode: 'quick' })).toEqual({
      params: { mode: 'quick' },
      access: null,
    });
  });

  it('takes its secrets from the environment', async () => {
    write('{"access": {"headers": [{"name": "x-a", "value": {"env": "KEY"}}]}}');
    const { access } = await readProfile(path, { KEY: 'open' }, {});
    expect(access?.headers).toEqual([{ name: 'x-a', value: 'open' }]);
    await expect(readProfile(path, {}, {})).rejects.toThrow('not set: KEY.');
  });

  it.each([
    ['{"canary": ', 'is not JSON.'],
    ['{"param": {}}', 'is not a profile: Unrecognized key: "param".'],
    ['{"params": {"mode": "fast", "timeoutMs": 1}}', 'params.mode Invalid option'],
  ])('that says %s is refused', async (text, message) => {
    write(text);
    await expect(readProfile(path, {}, {})).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining(message),
    });
    await expect(readProfile(path, {}, {})).rejects.not.toThrow('canary');
  });

  it('that is not there is named', async () => {
    await expect(readProfile(`${path}x`, {}, {})).rejects.toThrow(
      'profile.jsonx cannot be read; give a JSON file',
    );
  });
});

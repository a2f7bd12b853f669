import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readProfile } from './profile-file.ts';

describe('a file that says how sites are scanned', () => {
  let path: string;
  beforeEach(() => {
    path = join(mkdtempSync(join(tmpdir(), 'crawl-test-')), 'profile.json');
  });
  afterEach(() => rmSync(join(path, '..'), { recursive: true }));

  const place = { workingDir: tmpdir(), environment: {} };
  const write = (text: string): void => writeFileSync(path, text);

  it('stands behind what the command line says', async () => {
    write('\ufeff{"params": {"mode": "deep", "har": true}}');
    expect(await readProfile(path, { mode: 'quick' }, place)).toEqual({
      params: { mode: 'quick', har: true },
      access: null,
    });
    expect(await readProfile(undefined, { mode: 'quick' }, place)).toEqual({
      params: { mode: 'quick' },
      access: null,
    });
  });

  it('takes its secrets from the environment', async () => {
    write('{"access": {"headers": [{"name": "x-a", "value": {"env": "KEY"}}]}}');
    const { access } = await readProfile(path, {}, { ...place, environment: { KEY: 'open' } });
    expect(access?.headers).toEqual([{ name: 'x-a', value: 'open' }]);
    await expect(readProfile(path, {}, place)).rejects.toThrow('not set: KEY.');
  });

  it.each([
    ['{"canary": ', 'is not JSON.'],
    ['{"param": {}}', 'is not a profile: Unrecognized key: "param".'],
    ['{"params": {"mode": "fast", "timeoutMs": 1}}', 'params.mode Invalid option'],
  ])('that says %s is refused', async (text, message) => {
    write(text);
    await expect(readProfile(path, {}, place)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining(message),
    });
    await expect(readProfile(path, {}, place)).rejects.not.toThrow('canary');
  });

  it('that is not there is named', async () => {
    await expect(readProfile(`${path}x`, {}, place)).rejects.toThrow(
      'profile.jsonx cannot be read; give a JSON file',
    );
  });
});

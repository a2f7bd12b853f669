import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { findBrowserExecutable, isHeadlessShell } from './find-browser.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'find-browser-'));
});
afterEach(() => rm(root, { recursive: true }));

/** Puts a program into a folder of the search path. */
async function install(folder: string, name: string, mode = 0o755): Promise<string> {
  const path = join(root, folder, name);
  await mkdir(join(root, folder), { recursive: true });
  await writeFile(path, '');
  await chmod(path, mode);
  return path;
}

function search(...folders: string[]): string | null {
  return findBrowserExecutable(folders.map((folder) => join(root, folder)).join(delimiter));
}

describe('the browser that scans will use', () => {
  it('is the headless shell before a full browser, wherever in the path it is', async () => {
    await install('a', 'chromium');
    const shell = await install('b', 'chromium-headless-shell');
    expect(search('a', 'b')).toBe(shell);
  });

  it('is the first of its name in the order of the path', async () => {
    const [, second] = [await install('a', 'chromium'), await install('b', 'chromium')];
    expect(search('b', 'a')).toBe(second);
  });

  it('is not a file that cannot be run, nor a folder of that name', async () => {
    await install('a', 'chromium', 0o644);
    await mkdir(join(root, 'b', 'chromium'), { recursive: true });
    const real = await install('c', 'google-chrome');
    expect(search('a', 'b', 'c')).toBe(real);
  });
});

describe('isHeadlessShell', () => {
  it.each([
    ['/usr/bin/chromium-headless-shell', true],
    ['/opt/chrome-headless-shell-linux64/chrome-headless-shell', true],
    ['/usr/lib/chromium/headless_shell', true],
    ['/usr/bin/chromium', false],
    ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', false],
  ])('of %s is %s', (path, expected) => {
    expect(isHeadlessShell(path)).toBe(expected);
  });
});

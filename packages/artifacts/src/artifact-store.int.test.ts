import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from '@jest/globals';
import { openArtifactStore } from './artifact-store.ts';

const base = mkdtempSync(join(tmpdir(), 'artifacts-test-'));
const newDir = () => join(base, randomUUID(), 'store');
const leftovers = (dir: string) => readdirSync(join(dir, '.tmp'));

/** A file system of one megabyte, or null where this process may not mount one. */
const smallDisk = mountSmallDisk();

afterAll(() => {
  if (smallDisk !== null) spawnSync('/bin/umount', [smallDisk]);
  rmSync(base, { recursive: true });
});

function mountSmallDisk(): string | null {
  const dir = join(base, 'small-disk');
  mkdirSync(dir);
  return spawnSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', dir]).status === 0 ? dir : null;
}

describe('artifact store', () => {
  it('gives back what was put, with its size and hash', async () => {
    const store = openArtifactStore({ dir: newDir() });
    const bytes = Buffer.from('observation');
    const stored = await store.put('scans/a/1/observation.json.gz', bytes);
    expect(stored).toEqual({
      key: 'scans/a/1/observation.json.gz',
      sizeBytes: 11,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
    expect(await store.get(stored.key, stored)).toEqual(bytes);
    const { stream, sizeBytes } = await store.openRead(stored.key);
    expect(sizeBytes).toBe(11);
    expect(await buffer(stream)).toEqual(bytes);
  });

  it('replaces an artifact as a whole', async () => {
    const store = openArtifactStore({ dir: newDir() });
    await store.put('a', Buffer.from('a long first text'));
    await store.put('a', Buffer.from('second'));
    expect(String(await store.get('a'))).toBe('second');
  });

  it('stores nothing as nothing', async () => {
    const store = openArtifactStore({ dir: newDir() });
    await store.put('empty', Buffer.alloc(0));
    expect(await store.get('empty')).toHaveLength(0);
  });

  it('finds what another process stored in the same folder', async () => {
    const dir = newDir();
    await openArtifactStore({ dir }).put('a/b', Buffer.from('x'));
    expect(String(await openArtifactStore({ dir }).get('a/b'))).toBe('x');
  });

  it.each(['absent', 'folder', 'file/below'])('says that %s does not exist', async (key) => {
    const store = openArtifactStore({ dir: newDir() });
    await store.put('file', Buffer.from('x'));
    await store.put('folder/file', Buffer.from('x'));
    await expect(store.get(key)).rejects.toMatchObject({ code: 'ARTIFACT_NOT_FOUND' });
    await expect(store.openRead(key)).rejects.toMatchObject({ code: 'ARTIFACT_NOT_FOUND' });
  });

  it('deletes by key and by leading parts, and only those', async () => {
    const store = openArtifactStore({ dir: newDir() });
    for (const key of ['scans/a/1', 'scans/a/2', 'scans/ab/1', 'reports/a'])
      await store.put(key, Buffer.from('x'));
    await store.delete('scans/a/');
    await store.delete('reports/a');
    await store.delete('never/was');
    await expect(store.get('scans/a/1')).rejects.toMatchObject({ code: 'ARTIFACT_NOT_FOUND' });
    await expect(store.get('reports/a')).rejects.toMatchObject({ code: 'ARTIFACT_NOT_FOUND' });
    expect(String(await store.get('scans/ab/1'))).toBe('x');
  });

  it('notices a file that was changed behind its back', async () => {
    const store = openArtifactStore({ dir: newDir() });
    const stored = await store.put('a', Buffer.from('true'));
    writeFileSync(store.path('a'), 'fake');
    await expect(store.get('a', stored)).rejects.toMatchObject({ code: 'ARTIFACT_DAMAGED' });
  });
});

describe('keys', () => {
  it.each([
    '',
    '/',
    '/etc/passwd',
    '..',
    '../x',
    'a/../../x',
    'a/..',
    'a//b',
    'a/',
    './a',
    '.tmp/x',
    '.hidden',
    'a\0b',
    'a\\..\\b',
    'a b',
    'a\nb',
    'ä',
    '%2e%2e/x',
    '~',
    'C:x',
    'x'.repeat(129),
    'x/'.repeat(300) + 'x',
  ])('%j is the key of no artifact, for reading, writing and deleting', async (key) => {
    const store = openArtifactStore({ dir: newDir() });
    const refusal = { code: 'ARTIFACT_NOT_FOUND' };
    await expect(store.put(key, Buffer.from('x'))).rejects.toMatchObject(refusal);
    await expect(store.get(key)).rejects.toMatchObject(refusal);
    await expect(store.openRead(key)).rejects.toMatchObject(refusal);
    if (key !== 'a/') await expect(store.delete(key)).rejects.toMatchObject(refusal);
    expect(() => store.path(key)).toThrow(expect.objectContaining(refusal));
  });

  it('do not lead out of the store through a link', async () => {
    const dir = newDir();
    const store = openArtifactStore({ dir });
    const outside = join(base, randomUUID());
    mkdirSync(outside);
    writeFileSync(join(outside, 'secret'), 'canary');
    symlinkSync(outside, join(dir, 'folder'));
    symlinkSync(join(outside, 'secret'), join(dir, 'file'));
    for (const key of ['file', 'folder/secret']) {
      await expect(store.get(key)).rejects.toMatchObject({ code: 'ARTIFACT_NOT_FOUND' });
    }
    await expect(store.put('folder/new', Buffer.from('x'))).rejects.toMatchObject({
      code: 'ARTIFACT_STORE_UNAVAILABLE',
    });
    expect(readdirSync(outside)).toEqual(['secret']);
    await store.delete('folder');
    expect(existsSync(join(outside, 'secret'))).toBe(true);
  });

  it('work in a store that is itself reached through a link', async () => {
    const dir = newDir();
    mkdirSync(dir, { recursive: true });
    const link = join(base, randomUUID());
    symlinkSync(dir, link);
    const store = openArtifactStore({ dir: link });
    await store.put('a/b', Buffer.from('x'));
    expect(String(await store.get('a/b'))).toBe('x');
  });
});

describe('faults', () => {
  it('a put that fails leaves no file behind', async () => {
    const dir = newDir();
    const store = openArtifactStore({ dir });
    await store.put('a', Buffer.from('x'));
    await expect(store.put('a/b', Buffer.from('x'))).rejects.toMatchObject({
      code: 'ARTIFACT_STORE_UNAVAILABLE',
    });
    expect(leftovers(dir)).toEqual([]);
  });

  it('a folder that cannot be made is said to be so', () => {
    writeFileSync(join(base, 'file'), '');
    expect(() => openArtifactStore({ dir: join(base, 'file', 'store') })).toThrow(
      expect.objectContaining({
        code: 'ARTIFACT_STORE_UNAVAILABLE',
        message: expect.stringContaining('ENOTDIR'),
      }),
    );
  });

  it('a writer killed in the middle leaves the old artifact whole, and its rest is removed later', async () => {
    const dir = newDir();
    const store = openArtifactStore({ dir });
    await store.put('a', Buffer.from('old'));
    const child = spawn(
      process.execPath,
      ['--no-warnings', '--input-type=module', '--eval', writeForEver(dir)],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    await once(createInterface({ input: child.stdout }), 'line');
    while (!leftovers(dir).some((name) => hasBytes(join(dir, '.tmp', name)))) await new Promise(setImmediate);
    child.kill('SIGKILL');
    await once(child, 'exit');

    const seen = await store.get('a');
    expect([3, WRITTEN_BYTES]).toContain(seen.length);
    expect(new Set(seen).size).toBe(seen.length === 3 ? 3 : 1);

    const longAgo = new Date(Date.now() - 7_200_000);
    for (const name of leftovers(dir)) utimesSync(join(dir, '.tmp', name), longAgo, longAgo);
    openArtifactStore({ dir });
    expect(leftovers(dir)).toEqual([]);
  });

  it('readers see one version or the other while an artifact is replaced, never a mixture', async () => {
    const store = openArtifactStore({ dir: newDir() });
    const version = (n: number) => Buffer.alloc(200_000, n);
    await store.put('a', version(0));
    const written = new AbortController();
    const writing = (async () => {
      for (let n = 1; n <= 20; n += 1) await store.put('a', version(n));
      written.abort();
    })();
    while (!written.signal.aborted) {
      const seen = await store.get('a');
      expect(seen.length).toBe(200_000);
      expect(seen.equals(version(seen[0] ?? -1))).toBe(true);
    }
    await writing;
  });

  (smallDisk === null ? it.skip : it)(
    'a full disk is said to be full, what was stored stays readable, and the store works again when there is space' +
      (smallDisk === null ? ' (skipped: this user may not mount a small file system)' : ''),
    async () => {
      const dir = join(smallDisk ?? '', 'store');
      const store = openArtifactStore({ dir });
      await store.put('kept', Buffer.alloc(300_000, 1));
      await expect(store.put('big', Buffer.alloc(2_000_000, 2))).rejects.toMatchObject({
        code: 'ARTIFACT_STORE_UNAVAILABLE',
        message: expect.stringContaining('the disk is full'),
        details: { code: 'ENOSPC' },
      });
      expect(leftovers(dir)).toEqual([]);
      await expect(store.get('big')).rejects.toMatchObject({ code: 'ARTIFACT_NOT_FOUND' });
      expect(await store.get('kept')).toHaveLength(300_000);
      await store.delete('kept');
      await store.put('kept', Buffer.alloc(500_000, 3));
      await expect(store.ping()).resolves.toBeUndefined();
    },
  );
});

const WRITTEN_BYTES = 64_000_000;

/** Program of a child that replaces one artifact again and again. */
function writeForEver(dir: string): string {
  return `
    import { openArtifactStore } from ${JSON.stringify(new URL('artifact-store.ts', import.meta.url).href)};
    const store = openArtifactStore({ dir: ${JSON.stringify(dir)} });
    console.log('ready');
    for (;;) await store.put('a', Buffer.alloc(${WRITTEN_BYTES}, 7));
  `;
}

function hasBytes(path: string): boolean {
  try {
    return statSync(path).size > 0;
  } catch {
    // Renamed in between.
    return false;
  }
}

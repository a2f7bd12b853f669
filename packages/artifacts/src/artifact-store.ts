import { createHash } from 'node:crypto';
import { constants, mkdirSync, realpathSync } from 'node:fs';
import { mkdir, open, opendir, realpath, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { AppError } from '@cookie-scanner/errors';
import { checkKey } from './artifact-key.ts';
import { isAbsent, notFound, storeError } from './store-error.ts';
import { discard, FOLDER_MODE, openTemporaryFolder, writeDurably } from './temporary-files.ts';

/** An artifact that was stored: what a database row keeps of it. */
export interface StoredArtifact {
  readonly key: string;
  readonly sizeBytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** Files by key. Every method may throw AppError ARTIFACT_STORE_UNAVAILABLE (retry later). */
export interface ArtifactStore {
  /**
   * Stores bytes under a key. When it resolves they are on the disk; before, nobody can see a part of them. A key that
   * exists is replaced as a whole.
   */
  put(key: string, bytes: Uint8Array): Promise<StoredArtifact>;
  /**
   * @param expected - where a hash is given, the bytes are compared with it
   * @throws AppError ARTIFACT_NOT_FOUND
   * @throws AppError ARTIFACT_DAMAGED when the bytes are not those of `expected`
   */
  get(key: string, expected?: { readonly sha256: string }): Promise<Buffer>;
  /**
   * Opens an artifact for reading bit by bit. The caller reads the stream to its end or destroys it.
   *
   * @throws AppError ARTIFACT_NOT_FOUND
   */
  openRead(key: string): Promise<{ readonly stream: Readable; readonly sizeBytes: number }>;
  /** Absolute path of the file that a key means, whether it exists or not. */
  path(key: string): string;
  /** Removes the artifact with this key, or all whose keys begin with `prefix/`. No error when there is none. */
  delete(prefix: string): Promise<void>;
  /** Names right below a prefix, of artifacts and of what keys go on with; none where there is nothing. In no order. */
  list(prefix: string): AsyncIterable<string>;
  /** Resolves when the store can be written. */
  ping(): Promise<void>;
}

/**
 * Opens a folder as artifact store; it is made when it does not exist.
 *
 * Several processes may use one folder at the same time.
 *
 * @throws AppError ARTIFACT_STORE_UNAVAILABLE when the folder cannot be used
 */
export function openArtifactStore({ dir }: { readonly dir: string }): ArtifactStore {
  const { root, temporaryFolder } = prepare(dir);
  const pathOf = (key: string): string => {
    checkKey(key);
    return join(root, key);
  };

  return {
    async put(key, bytes) {
      const path = pathOf(key);
      try {
        await publish(await writeDurably(temporaryFolder, bytes), path);
      } catch (error) {
        throw storeError(error, 'store', key);
      }
      return { key, sizeBytes: bytes.byteLength, sha256: sha256(bytes) };
    },

    async get(key, expected) {
      const bytes = await withOpenFile(pathOf(key), key, (file) => file.readFile());
      if (expected && sha256(bytes) !== expected.sha256) {
        const message =
          'This artifact is not what was stored; the file was changed or the disk lost a part of it.';
        throw new AppError('ARTIFACT_DAMAGED', message, { key });
      }
      return bytes;
    },

    async openRead(key) {
      const file = await openFile(pathOf(key), key);
      const { size } = await file.stat();
      return { stream: file.createReadStream(), sizeBytes: size };
    },

    path: pathOf,

    async delete(prefix) {
      const path = pathOf(prefix.replace(/\/$/, ''));
      await rm(path, { recursive: true, force: true }).catch((error: unknown) => {
        throw storeError(error, 'delete', prefix);
      });
    },

    async *list(prefix) {
      try {
        for await (const { name } of await opendir(pathOf(prefix))) yield name;
      } catch (error) {
        if (!isAbsent(error)) throw storeError(error, 'read', prefix);
      }
    },

    async ping() {
      try {
        await discard(await writeDurably(temporaryFolder, Buffer.from('ping')));
      } catch (error) {
        throw storeError(error, 'store', null);
      }
    },
  };
}

function prepare(dir: string): { root: string; temporaryFolder: string } {
  try {
    mkdirSync(dir, { recursive: true, mode: FOLDER_MODE });
    const root = realpathSync(dir);
    return { root, temporaryFolder: openTemporaryFolder(root) };
  } catch (error) {
    throw storeError(error, 'be opened', null);
  }
}

/** Gives a complete file its name, and makes the name survive a loss of power. */
async function publish(temporaryPath: string, path: string): Promise<void> {
  const folder = dirname(path);
  let firstMade: string | undefined;
  try {
    firstMade = await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    await refuseLinks(folder);
    await rename(temporaryPath, path);
  } catch (error) {
    await discard(temporaryPath);
    throw error;
  }
  // A name is on the disk when its folder is, and a new folder when the one that it was made in is.
  const last = firstMade === undefined ? folder : dirname(firstMade);
  for (let current = folder; ; current = dirname(current)) {
    await syncFolder(current);
    if (current === last) return;
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY);
  await handle.sync().finally(() => handle.close());
}

async function withOpenFile<T>(path: string, key: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await openFile(path, key);
  try {
    return await use(file);
  } catch (error) {
    throw storeError(error, 'read', key);
  } finally {
    await file.close();
  }
}

async function openFile(path: string, key: string): Promise<FileHandle> {
  try {
    await refuseLinks(path);
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    if ((await file.stat()).isFile()) return file;
    await file.close();
  } catch (error) {
    if (!isAbsent(error)) throw storeError(error, 'read', key);
  }
  throw notFound(key);
}

/** Nothing of ours is a link, so one that leads out of the store was put there by somebody else. */
async function refuseLinks(path: string): Promise<void> {
  if ((await realpath(path)) !== path)
    throw Object.assign(new Error('a link is in the way'), { code: 'ELOOP' });
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

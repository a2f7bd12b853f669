// Plain JavaScript, because scripts/bootstrap.mjs uses this before anything is installed or built.
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identifyProcess, isAlive } from './process-identity.mjs';

/** @typedef {import('./process-identity.mjs').ProcessIdentity} ProcessIdentity */

/**
 * What stands in a lock file.
 *
 * @typedef {object} LockHolder
 * @property {ProcessIdentity} owner
 * @property {ProcessIdentity | null} child program that works for the owner and would outlive it
 */

/**
 * A lock that is held.
 *
 * @typedef {object} FileLock
 * @property {(pid: number | null) => void} setChild records the program that works for the owner, so that whoever
 *   takes over after the owner's sudden end ends it first
 * @property {() => void} release gives the lock back; harmless when repeated, and synchronous so that it can run last
 */

const POLL_MS = 100;
/** A lock file without content is being written; older than this, its writer died in between. */
const UNWRITTEN_MAX_MS = 3_000;
/** How long a program left behind by a dead owner may take to end when asked. */
const ORPHAN_GRACE_MS = 5_000;

/**
 * Takes the lock, unless a living process holds it. A lock whose owner is dead is taken over.
 *
 * @param {string} path
 * @returns {Promise<FileLock | null>} null when somebody else holds it
 */
export async function tryLock(path) {
  mkdirSync(dirname(path), { recursive: true });
  const owner = identifyProcess(process.pid);
  if (!owner) throw new Error('cannot read the start time of this process');
  for (;;) {
    if (createExclusively(path, { owner, child: null })) return heldLock(path, owner);
    const holder = readHolder(path);
    if (holder === 'gone') continue;
    if (holder === 'unwritten' || isAlive(holder.owner)) return null;
    if (holder.child) await endOrphan(holder.child);
    await removeStale(path);
  }
}

/**
 * Takes the lock, waiting as long as a living process holds it.
 *
 * @param {string} path
 * @param {{ signal?: AbortSignal, onWait?: (ownerPid: number) => void }} [options] `onWait` is told once, before waiting
 * @returns {Promise<FileLock>}
 */
export async function waitForLock(path, { signal, onWait } = {}) {
  let isToldOfWaiting = false;
  for (;;) {
    signal?.throwIfAborted();
    const lock = await tryLock(path);
    if (lock) return lock;
    const holder = readHolder(path);
    if (!isToldOfWaiting && typeof holder === 'object') {
      isToldOfWaiting = true;
      onWait?.(holder.owner.pid);
    }
    await delay(POLL_MS);
  }
}

/**
 * @param {string} path
 * @param {ProcessIdentity} owner
 * @returns {FileLock}
 */
function heldLock(path, owner) {
  return {
    setChild(pid) {
      const draft = `${path}.${process.pid}`;
      if (!createExclusively(draft, { owner, child: pid === null ? null : identifyProcess(pid) })) return;
      renameSync(draft, path);
    },
    release() {
      const holder = readHolder(path);
      const isOurs =
        typeof holder === 'object' &&
        holder.owner.startTime === owner.startTime &&
        holder.owner.pid === owner.pid;
      if (isOurs) unlinkIfPresent(path);
    },
  };
}

/**
 * @param {string} path
 * @param {LockHolder | string} content
 * @returns {boolean} false when the file exists already
 */
function createExclusively(path, content) {
  let file;
  try {
    file = openSync(path, 'wx', 0o600);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
  try {
    writeSync(file, JSON.stringify(content));
    return true;
  } catch (error) {
    // A full disk still creates files; one without content would look like a lock for a while.
    unlinkIfPresent(path);
    throw error;
  } finally {
    closeSync(file);
  }
}

/**
 * @param {string} path
 * @returns {LockHolder | 'gone' | 'unwritten'}
 */
function readHolder(path) {
  try {
    const text = readFileSync(path, 'utf8');
    if (text !== '') return JSON.parse(text);
    const isAbandoned = Date.now() - statSync(path).mtimeMs > UNWRITTEN_MAX_MS;
    return isAbandoned ? { owner: { pid: 0, startTime: '' }, child: null } : 'unwritten';
  } catch (error) {
    if (error instanceof SyntaxError) return { owner: { pid: 0, startTime: '' }, child: null };
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return 'gone';
    throw error;
  }
}

/**
 * Removes a lock whose owner is dead. A second file makes this exclusive: without it, two processes that both saw the
 * dead owner could each remove a file, the later one the fresh lock of the earlier.
 *
 * @param {string} path
 */
async function removeStale(path) {
  const gate = `${path}.takeover`;
  if (!createExclusively(gate, String(process.pid))) {
    const isAbandoned = ageMs(gate) > UNWRITTEN_MAX_MS;
    if (isAbandoned) unlinkIfPresent(gate);
    else await delay(POLL_MS);
    return;
  }
  try {
    const holder = readHolder(path);
    if (typeof holder === 'object' && !isAlive(holder.owner)) unlinkIfPresent(path);
  } finally {
    unlinkIfPresent(gate);
  }
}

/**
 * Ends a program, with its process group, that a dead owner had started.
 *
 * @param {ProcessIdentity} orphan
 */
async function endOrphan(orphan) {
  const deadline = Date.now() + ORPHAN_GRACE_MS;
  signalGroup(orphan.pid, 'SIGTERM');
  while (isAlive(orphan) && Date.now() < deadline) await delay(POLL_MS);
  if (isAlive(orphan)) signalGroup(orphan.pid, 'SIGKILL');
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 */
function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch {
    // It ended in the meantime.
  }
}

/** @param {string} path */
function ageMs(path) {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    // Somebody else removed it first.
    return 0;
  }
}

/** @param {string} path */
function unlinkIfPresent(path) {
  try {
    unlinkSync(path);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT') throw error;
  }
}

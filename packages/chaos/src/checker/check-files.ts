import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { TestDatabase } from '@cookie-scanner/database/testing';

interface CheckOptions {
  /** Where the platform keeps its files. */
  readonly artifactsFolder: string;
  /** How long files of dead attempts may still be swept away, in milliseconds. */
  readonly deadlineMs: number;
}

const POLL_MS = 500;
const PROBLEMS_MAX = 10;

/**
 * Looks whether every observation that the database names is there and is what was stored, and whether no other attempt
 * of its scan left anything. Call it after a worker was started: that sweeps.
 *
 * @returns what is wrong, in words; empty when nothing is
 */
export async function checkFiles(
  sql: TestDatabase['sql'],
  { artifactsFolder, deadlineMs }: CheckOptions,
): Promise<string[]> {
  const stored = await sql<{ id: string; key: string | null; sha256: string | null }>(
    'SELECT id, observation_key AS key, observation_sha256 AS sha256 FROM scan_results',
  );
  const damaged: string[] = [];
  for (const { id, key, sha256 } of stored) {
    if (key === null) continue;
    const found = await sha256Of(join(artifactsFolder, key));
    if (found !== sha256)
      damaged.push(`the observation of scan ${id} is ${found === null ? 'gone' : 'damaged'}`);
  }
  return [...damaged.slice(0, PROBLEMS_MAX), ...(await leftovers(stored, artifactsFolder, deadlineMs))];
}

async function leftovers(
  stored: readonly { id: string; key: string | null }[],
  artifactsFolder: string,
  deadlineMs: number,
): Promise<string[]> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const found: string[] = [];
    for (const { id, key } of stored) {
      for (const attempt of await namesIn(join(artifactsFolder, 'scans', id))) {
        if (key?.startsWith(`scans/${id}/${attempt}/`) !== true) found.push(`scans/${id}/${attempt}`);
      }
    }
    if (found.length === 0) return [];
    if (performance.now() > deadline) {
      return found.slice(0, PROBLEMS_MAX).map((path) => `${path} is of no result and was not removed`);
    }
    await delay(POLL_MS);
  }
}

async function namesIn(folder: string): Promise<string[]> {
  // A scan that was given up may have none.
  return await readdir(folder).catch(() => []);
}

async function sha256Of(path: string): Promise<string | null> {
  const content = await readFile(path).catch(() => null);
  return content && createHash('sha256').update(content).digest('hex');
}

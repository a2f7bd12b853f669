import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openArtifactStore, type ArtifactStore } from '@cookie-scanner/artifacts';
import { configSections } from '@cookie-scanner/config';
import { openDatabase, retentionRepository, type Database } from '@cookie-scanner/database';
import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { silentLogger } from '@cookie-scanner/observability';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { removeOld, type RemovalOptions } from './remove-old.ts';
import { startRetentionRunner } from './retention-runner.ts';

const PERIODS = configSections.retention.parse({ RETENTION_SCAN_DAYS: '100', RETENTION_FILE_DAYS: '50' });
const HAS_FILES = new Set<string>(['scan_values', 'scan_files', 'scan_results']);
const NOTHING = { removedCount: 0, isFull: false };
const TURN = { isOver: () => false, pause: () => Promise.resolve() };

/** Scans by age in days: two go, two lose their files, one stays as it is. */
const AGES = [102, 101, 52, 51, 1];

let test: TestDatabase;
let database: Database;
let artifacts: ArtifactStore;
let folder: string;

beforeAll(async () => {
  test = await createTestDatabase();
  database = openDatabase({ url: test.url, logger: silentLogger });
  folder = mkdtempSync(join(tmpdir(), 'remove-old-'));
  artifacts = openArtifactStore({ dir: folder });
});
afterAll(async () => {
  await database.close();
  await test.drop();
  rmSync(folder, { recursive: true });
});

/** Scans of these ages with their files, in place of whatever there was. */
async function addScans(ages: readonly number[]): Promise<string[]> {
  await test.sql('DELETE FROM scan_results');
  await test.sql('DELETE FROM removed_files');
  for (const name of ['scans', 'reports']) await rm(join(folder, name), { recursive: true, force: true });
  const scans = await test.sql<{ id: string }>(
    `INSERT INTO scan_results (
       requested_url, params, status, attempt, queued_at, finished_at, settled_at, totals, quality, duration_ms,
       observation_key, observation_sha256, observation_size_bytes)
     SELECT 'https://shop.example/', '{}', 'success', 1, at, at, at, '{}', '{}', 1, 'scans/x', repeat('ab', 32), 1
       FROM unnest($1::int[]) WITH ORDINALITY AS age (days, place), LATERAL (SELECT now() - make_interval(days => days) AS at)
      ORDER BY place RETURNING id`,
    [ages],
  );
  for (const { id } of scans) {
    for (const key of [
      `scans/${id}/1/observation.json.gz`,
      `scans/${id}/1/files/page.png`,
      `reports/${id}/1.html`,
    ]) {
      // Not by way of the store, which waits for the disk.
      await mkdir(dirname(join(folder, key)), { recursive: true });
      await writeFile(join(folder, key), 'x');
    }
  }
  return scans.map(({ id }) => id);
}

/** What is left: rows with what they say of their files, and the folders of files. */
async function state(): Promise<{ scans: string[]; files: string[]; noted: number }> {
  const rows = await test.sql<{ scan: string }>(
    `SELECT id || CASE WHEN files_removed_at IS NULL THEN ' with files' ELSE '' END AS scan FROM scan_results`,
  );
  const noted = await test.sql('SELECT FROM removed_files');
  const files = await Promise.all(
    ['scans', 'reports'].map((name) => readdir(join(folder, name)).catch(() => [])),
  );
  return {
    scans: rows.map(({ scan }) => scan).sort(),
    files: files
      .flatMap((names, n) => names.map((name) => `${n === 0 ? 'scans' : 'reports'}/${name}`))
      .sort(),
    noted: noted.length,
  };
}

/** The state that removal must come to with the scans of `AGES`. */
function expectedState([, , third, fourth, young]: readonly string[]) {
  return {
    scans: [third, fourth, `${young} with files`].sort(),
    files: [`scans/${young}`, ...[third, fourth, young].map((id) => `reports/${id}`)].sort(),
    noted: 0,
  };
}

function options(change: Partial<RemovalOptions> = {}): RemovalOptions {
  const retention = retentionRepository(database);
  return {
    // Of scans alone, which have files; all other kinds are one statement each.
    retention: {
      ...retention,
      removeBatch: (kind, periods) =>
        HAS_FILES.has(kind) ? retention.removeBatch(kind, periods) : Promise.resolve(NOTHING),
    },
    ...{ artifacts, periods: PERIODS, logger: silentLogger },
    ...change,
  };
}

/**
 * A process that is killed when it is about to do its n-th step, in the middle of removing a folder where that is one:
 * whatever it tries after that does nothing.
 */
function killedAt(step: number): { options: RemovalOptions; wasKilled: () => boolean } {
  let done = 0;
  const isDead = (): boolean => (done += 1) > step;
  const dead = (): Promise<never> => Promise.reject(new Error('this process was killed'));
  const { retention } = options();
  return {
    wasKilled: () => done > step,
    options: options({
      retention: {
        removeBatch: (kind, periods) =>
          HAS_FILES.has(kind) && isDead() ? dead() : retention.removeBatch(kind, periods),
        listRemovedFiles: (limit) => (isDead() ? dead() : retention.listRemovedFiles(limit)),
        forgetRemovedFiles: (ids) => (isDead() ? dead() : retention.forgetRemovedFiles(ids)),
        oldestKept: () => (isDead() ? dead() : retention.oldestKept()),
      },
      artifacts: {
        delete: async (prefix) => {
          if (done === step) await artifacts.delete(`${prefix}/1`);
          return isDead() ? dead() : artifacts.delete(prefix);
        },
      },
    }),
  };
}

describe('removal of what is old', () => {
  it('comes to the same end wherever it is killed and started again', async () => {
    let kills = 0;
    for (let step = 0; ; step += 1) {
      const ids = await addScans(AGES);
      const process = killedAt(step);
      await removeOld(process.options, TURN).catch(() => undefined);
      if (process.wasKilled()) await removeOld(options(), TURN);
      expect({ step, ...(await state()) }).toEqual({ step, ...expectedState(ids) });
      if (!process.wasKilled()) break;
      kills += 1;
    }
    // Every kind, every folder, and what comes before and after them.
    expect(kills).toBeGreaterThan(12);
  });

  it('is shared by two schedulers, and counts everything once', async () => {
    await addScans(Array.from({ length: 130 }, () => 150));
    const counts: Record<string, number> = {};
    const onRemoved = (kind: string, count: number): void => {
      counts[kind] = (counts[kind] ?? 0) + count;
    };
    await Promise.all([removeOld(options({ onRemoved }), TURN), removeOld(options({ onRemoved }), TURN)]);
    // Whoever found the other at work left the rest to it.
    await removeOld(options({ onRemoved }), TURN);
    expect(counts['scan_results']).toBe(130);
    expect(await state()).toEqual({ scans: [], files: [], noted: 0 });
  });

  it('goes on with other kinds when one cannot be removed, and says so', async () => {
    const [old] = await addScans([150]);
    let failures = 0;
    const isAway = { delete: () => Promise.reject(new Error('the folder is away')) };
    const oldest: unknown[] = [];
    await removeOld(
      options({ artifacts: isAway, onFailed: () => (failures += 1), onOldest: (ages) => oldest.push(ages) }),
      TURN,
    );
    expect(failures).toBe(1);
    expect(oldest).toHaveLength(1);
    expect(await state()).toMatchObject({ scans: [], files: [`reports/${old}`, `scans/${old}`], noted: 3 });
    await removeOld(options(), TURN);
    expect(await state()).toEqual({ scans: [], files: [], noted: 0 });
  });

  it('ends within a batch when the scheduler stops', async () => {
    await addScans([150]);
    const runner = startRetentionRunner({ ...options(), timing: { intervalMs: 3_600_000 } });
    await runner.stop();
    // Stopped before or after, never in between: the first turn had no time for more than one batch of each kind.
    const { scans, noted } = await state();
    expect([0, 1]).toContain(scans.length);
    expect(noted).toBeLessThanOrEqual(3);
  });
});

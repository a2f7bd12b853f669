import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { savedObservation } from '@cookie-scanner/analysis/testing';
import { openArtifactStore, type ArtifactStore } from './artifact-store.ts';
import { readObservation } from './read-observation.ts';

describe('readObservation', () => {
  const observation = savedObservation('hostile');
  let dir: string;
  let artifacts: ArtifactStore;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'report-'));
    artifacts = openArtifactStore({ dir });
  });
  afterAll(() => rm(dir, { recursive: true }));

  it.each([
    ['gzip', 'json.gz', gzipSync(JSON.stringify(observation))],
    ['plain JSON', 'json', Buffer.from(JSON.stringify(observation))],
  ])('reads what was stored as %s', async (_kind, extension, bytes) => {
    const stored = await artifacts.put(`scans/a/observation.${extension}`, bytes);
    expect(await readObservation(artifacts, stored)).toEqual(observation);
  });

  it('says that a missing file is missing', async () => {
    const lost = await readObservation(artifacts, { key: 'scans/b/observation.json.gz', sha256: 'x' });
    expect(lost).toEqual({ lost: 'the stored observation is missing' });
  });

  it('does not trust a file that was changed after it was stored', async () => {
    const stored = await artifacts.put('scans/c/observation.json', Buffer.from(JSON.stringify(observation)));
    await writeFile(artifacts.path(stored.key), JSON.stringify({ ...observation, cookies: [] }));
    expect(await readObservation(artifacts, stored)).toMatchObject({
      lost: expect.stringMatching(/SHA-256/),
    });
  });

  it.each([
    ['half a gzip file', gzipSync(JSON.stringify(observation)).subarray(0, 400)],
    ['something else', Buffer.from('{"version":7}')],
    ['nothing', Buffer.alloc(0)],
  ])('says that %s cannot be read', async (_what, bytes) => {
    const stored = await artifacts.put('scans/d/observation.json.gz', bytes);
    expect(await readObservation(artifacts, stored)).toEqual({
      lost: 'the stored observation cannot be read',
    });
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openArtifactStore, type ArtifactStore } from '@cookie-scanner/artifacts';
import type { ScanFile } from '@cookie-scanner/contracts';
import { sampleObservation } from '@cookie-scanner/contracts/testing';
import { reportPictures } from './report-pictures.ts';

const PNG = Buffer.concat([
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  Buffer.from('pixels'),
]);

describe('the pictures of a report', () => {
  let dir: string;
  let artifacts: ArtifactStore;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'pictures-'));
    artifacts = openArtifactStore({ dir });
  });
  afterAll(() => rm(dir, { recursive: true }));

  async function stored(name: string, bytes: Buffer, change: Partial<ScanFile> = {}): Promise<ScanFile> {
    const { key, sha256, sizeBytes } = await artifacts.put(`scans/a/1/${name}`, bytes);
    return {
      ...{ kind: 'screenshot', name, reference: key, contentType: 'image/png', sizeBytes, sha256 },
      ...{ pageUrl: 'https://a.example/', atMs: 1, width: 2, height: 3 },
      ...change,
    };
  }

  const namesOf = async (files: ScanFile[]): Promise<string[]> =>
    (await reportPictures(artifacts, sampleObservation([], { files }))).map(({ name }) => name);

  it('are those of the scan, as they were stored', async () => {
    const files = [await stored('one.png', PNG), await stored('all.har', PNG, { kind: 'har' })];
    expect(await reportPictures(artifacts, sampleObservation([], { files }))).toEqual([
      { name: 'one.png', pageUrl: 'https://a.example/', widthPx: 2, heightPx: 3, bytes: PNG },
    ]);
  });

  it('leave out what is gone, was changed or is no picture', async () => {
    const gone = await stored('gone.png', PNG);
    const changed = await stored('changed.png', PNG);
    await rm(artifacts.path(gone.reference));
    await writeFile(artifacts.path(changed.reference), 'something else');
    const script = await stored('script.png', Buffer.from('<svg onload="alert(1)"/>'));
    expect(await namesOf([gone, changed, script, await stored('good.png', PNG)])).toEqual(['good.png']);
  });

  it('stop where a mailbox would refuse the report', async () => {
    const many = await Promise.all(Array.from({ length: 15 }, (_, n) => stored(`p${n}.png`, PNG)));
    expect(await namesOf(many)).toHaveLength(12);
    const large = await stored('large.png', PNG, { sizeBytes: 9_000_000 });
    expect(await namesOf([large, await stored('small.png', PNG)])).toEqual(['small.png']);
  });
});

import type { SiteObservation } from '@cookie-scanner/contracts';
import { startTestWeb, type TestWeb } from '@cookie-scanner/test-web';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { scanSite, startTestEngine } from '../engine-fixture.test.helper.ts';
import type { ScanOptions } from '../planned-scan.ts';
import type { ScanEngine } from '../scan-engine.ts';
import { page, testSite } from '../test-site.test.helper.ts';
import type { FileToSave } from './file-keeper.ts';

const TALL = '<div style="height: 20000px; background: linear-gradient(red, blue)"></div>';
const tall = testSite('tall-page', { '/': page(TALL) });
const busy = testSite('busy-page', {
  '/': page('<script>addEventListener("load", () => setTimeout(() => { for (;;); }, 20_000));</script>'),
});
/** Green from the fifth second of its life, so that a picture tells how long it has lived. */
const late = testSite('late-colour', {
  '/': page('<script>setTimeout(() => document.body.style.background = "#00ff00", 5_000);</script>'),
});
const linked = testSite('linked-pages', {
  '/': page([1, 2, 3, 4, 5, 6].map((number) => `<a href="/${number}">${number}</a>`).join('')),
  ...Object.fromEntries([1, 2, 3, 4, 5, 6].map((number) => [`/${number}`, page(String(number))])),
});

let web: TestWeb;
let engine: ScanEngine;
beforeAll(async () => {
  web = await startTestWeb({ extraSites: [tall, busy, late, linked] });
  engine = await startTestEngine(web);
});
afterAll(async () => {
  await engine.close();
  await web.close();
});

type Wanted = Partial<ScanOptions['params']> & Pick<ScanOptions, 'saveFile'>;

async function scan(
  url: string,
  wanted: Wanted,
): Promise<{ observation: SiteObservation; saved: FileToSave[] }> {
  const saved: FileToSave[] = [];
  const observation = await scanSite(engine, url, {
    saveFile: async (file) => {
      saved.push(file);
      return `kept/${file.name}`;
    },
    ...wanted,
  });
  return { observation, saved };
}

/** The colour of the middle of a picture, painted and read by the browser under test. */
async function colourOf(bytes: Uint8Array): Promise<string> {
  const url = `data:image/png;base64,${Buffer.from(bytes).toString('base64')}`;
  const code = `const image = new Image(); image.src = "${url}"; image.onload = () => {
    const context = new OffscreenCanvas(1, 1).getContext('2d');
    context.drawImage(image, -600, -400);
    document.title = [...context.getImageData(0, 0, 1, 1).data].join();
  };`;
  const site = testSite('colour-reader', { '/': page(`<script>${code}</script>`) });
  const reading = await startTestWeb({ extraSites: [site] });
  const reader = await startTestEngine(reading);
  try {
    return (await scanSite(reader, site.url)).pages[0]?.title ?? '';
  } finally {
    await reader.close();
    await reading.close();
  }
}

describe('a screenshot', () => {
  it('shows the page as it is at the end of its life, and is named in the observation', async () => {
    const { observation, saved } = await scan(late.url, { screenshots: 'viewport' });
    const [file] = saved;
    if (!file) throw new Error('no screenshot came');
    expect(observation.files).toEqual([
      {
        kind: 'screenshot',
        name: 'screenshot-page-1.png',
        reference: 'kept/screenshot-page-1.png',
        contentType: 'image/png',
        sizeBytes: file.bytes.byteLength,
        sha256: createHash('sha256').update(file.bytes).digest('hex'),
        pageUrl: late.url,
        atMs: expect.any(Number),
        width: 1366,
        height: 900,
      },
    ]);
    expect(await colourOf(file.bytes)).toBe('0,255,0,255');
  });

  it('of a whole page ends where a page is longer than any picture, and says so', async () => {
    const { observation } = await scan(tall.url, { screenshots: 'full' });
    expect(observation.files).toMatchObject([{ width: 1366, height: 10_000 }]);
    expect(observation.quality.notes).toEqual([
      'The page is larger than the largest screenshot; that of page-1 is cut off.',
    ]);
  });

  it('of a page that lets none be taken costs itself and not the scan', async () => {
    const { observation, saved } = await scan(busy.url, { screenshots: 'full', timeoutMs: 12_000 });
    expect(saved).toEqual([]);
    expect(observation.pages).toMatchObject([{ httpStatus: 200 }]);
    expect(observation.quality.notes).toContain(
      'There is no screenshot of page-1: the page did not let one be taken.',
    );
  });

  it('is taken of the first pages only', async () => {
    const { observation } = await scan(linked.url, { screenshots: 'viewport', mode: 'deep' });
    expect(observation.pages.length).toBeGreaterThan(5);
    expect(observation.files.map(({ name }) => name)).toEqual(
      [1, 2, 3, 4, 5].map((number) => `screenshot-page-${number}.png`),
    );
    expect(observation.quality.notes).toContain('Screenshots were taken of the first 5 pages only.');
  });
});

describe('a file', () => {
  it('that cannot be stored costs itself, not the scan', async () => {
    const { observation } = await scan('https://plain.test/', {
      screenshots: 'viewport',
      har: true,
      saveFile: async () => await Promise.reject(new Error('the disk is full')),
    });
    expect(observation).toMatchObject({ status: 'success', files: [] });
    expect(observation.quality.notes).toEqual([
      'The file screenshot-page-1.png could not be stored.',
      'The file requests.har could not be stored.',
    ]);
  });

  it('is not made unless it is asked for', async () => {
    const { observation, saved } = await scan('https://plain.test/', {});
    expect([observation.files, saved, observation.quality.notes]).toEqual([[], [], []]);
  });
});

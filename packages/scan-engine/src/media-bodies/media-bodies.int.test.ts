import { startTestWeb, type Site, type TestWeb } from '@cookie-scanner/test-web';
import type { SiteObservation } from '@cookie-scanner/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { scanSite, startTestEngine } from '../engine-fixture.test.helper.ts';
import type { ScanEngine } from '../scan-engine.ts';
import { siteDifferences } from '../site-differences.test.helper.ts';

let web: TestWeb;
let engine: ScanEngine;

beforeAll(async () => {
  web = await startTestWeb();
  engine = await startTestEngine(web);
});
afterAll(async () => {
  await engine.close();
  await web.close();
});

function siteNamed(wanted: string): Site {
  const site = web.sites.find(({ name }) => name === wanted);
  if (!site) throw new Error(`the test web has lost its site ${wanted}`);
  return site;
}

interface Measured {
  readonly observation: SiteObservation;
  readonly bytes: number;
}

async function measured(options: Parameters<typeof scanSite>[2]): Promise<Measured> {
  const before = web.bytesSent();
  const observation = await scanSite(engine, siteNamed('media-bodies').url, options);
  return { observation, bytes: web.bytesSent() - before };
}

const told = ({ quality }: SiteObservation): string[] =>
  quality.notes.filter((note) => note.includes('left away'));

describe('a scan that leaves bodies of media away', () => {
  it('sees every cookie that it sees with them, for far fewer bytes', async () => {
    const site = siteNamed('media-bodies');
    const whole = await measured({});
    const short = await measured({ skipMediaBodies: true });
    expect(siteDifferences(site, short.observation)).toEqual([]);
    expect(short.observation.requests).toEqual(whole.observation.requests);
    // Three pictures, a recording and a font.
    expect(told(short.observation)).toEqual([expect.stringContaining('5 in all')]);
    expect(told(whole.observation)).toEqual([]);
    expect(short.bytes).toBeLessThan(whole.bytes / 3);
  });

  it('gets them all the same where it takes pictures', async () => {
    const pictured = await measured({
      skipMediaBodies: true,
      screenshots: 'viewport',
      saveFile: () => Promise.resolve('stored'),
    });
    expect(told(pictured.observation)).toEqual([]);
    expect(pictured.bytes).toBeGreaterThan(6_000_000);
  });

  it.each(['resource-kinds', 'third-party-pixel', 'shop'])('%s: is seen as ever', async (name) => {
    const site = siteNamed(name);
    expect(siteDifferences(site, await scanSite(engine, site.url, { skipMediaBodies: true }))).toEqual([]);
  });
});

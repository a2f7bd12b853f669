import { startTestWeb, type TestWeb } from '@cookie-scanner/test-web';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readlinkSync } from 'node:fs';
import {
  killOwnBrowsers,
  ownBrowserProcesses,
  ownDoorkeepers,
  ownProfileFolders,
  until,
} from './browser-processes.test.helper.ts';
import { scanSite, startTestEngine } from './engine-fixture.test.helper.ts';
import type { ScanEngine } from './scan-engine.ts';
import { page, testSite } from './test-site.test.helper.ts';

/** The long version is for a quiet hour: `CHURN_SCANS=200 CHURN_KILLS=20`, with a `--testTimeout` of ten minutes. */
const SCANS = Number(process.env['CHURN_SCANS'] ?? 40);
const KILLS = Number(process.env['CHURN_KILLS'] ?? 5);
const AT_ONCE = 4;

const site = testSite('churn', { '/': page('<h1>Churn</h1>', ['kept=1; Path=/']) });

/** Sockets that this process holds; null where there is no /proc to look at. */
function ownSockets(): number | null {
  try {
    return readdirSync('/proc/self/fd').filter((fd) => linkOf(fd).startsWith('socket:')).length;
  } catch {
    return null;
  }
}

function linkOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return ''; // Closed while we looked.
  }
}

let web: TestWeb;
beforeAll(async () => {
  web = await startTestWeb({ extraSites: [site] });
});
afterAll(() => web.close());

/** Scans `SCANS` times, and kills the browser `KILLS` times in between; says how often each outcome came. */
async function churn(engine: ScanEngine): Promise<Record<string, number>> {
  const outcomes: Record<string, number> = {};
  let begun = 0;
  const lane = async (): Promise<void> => {
    while (begun < SCANS) {
      begun += 1;
      if (begun % Math.floor(SCANS / KILLS) === 0) await killOwnBrowsers();
      const outcome = await scanSite(engine, site.url).then(
        ({ status, cookies }) => `${status} with ${cookies.length}`,
        (error: unknown) => (error as { code?: string }).code ?? String(error),
      );
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return outcomes;
}

describe('an engine whose browser is killed again and again', () => {
  it('ends every scan, and leaves no process, profile folder or socket', async () => {
    const socketsBefore = ownSockets();
    const engine = await startTestEngine(web);
    const {
      'success with 1': succeeded = 0,
      BROWSER_UNAVAILABLE: failed = 0,
      ...others
    } = await churn(engine);
    expect(others).toEqual({});
    expect(succeeded + failed).toBe(SCANS);
    // A scan is tried twice, so it fails only when two kills meet it.
    expect(failed).toBeLessThanOrEqual(KILLS);
    await engine.close();

    await until(
      async () => (await ownBrowserProcesses()).length === 0 && (await ownDoorkeepers()).length === 0,
    );
    await until(async () => (await ownProfileFolders()).length === 0);
    await until(() => (ownSockets() ?? 0) <= (socketsBefore ?? 0));
  });
});

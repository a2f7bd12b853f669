import { startTestWeb, type TestWeb } from '@cookie-scanner/test-web';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  killOwnBrowsers,
  ownBrowserGroups,
  ownBrowserProcesses,
  ownProfileFolders,
  until,
} from './browser-processes.test.helper.ts';
import { scanSite, startTestEngine, testSettings } from './engine-fixture.test.helper.ts';
import { startScanEngine, type ScanEngine } from './scan-engine.ts';
import { answer, page, testSite } from './test-site.test.helper.ts';

/** What the fragile sites do when a browser asks for their image. */
let onImage = async (): Promise<void> => Promise.resolve();

function fragileSite(name: string): ReturnType<typeof testSite> {
  return testSite(name, {
    '/': page('<script>document.cookie = "by_script=2";</script><img src="/now.gif" alt="">', [
      'by_http=1; Path=/',
    ]),
    '/now.gif': async (exchange) => {
      await onImage();
      await answer('image/gif', '')(exchange);
    },
  });
}

const [first, second, third] = [
  fragileSite('fragile-a'),
  fragileSite('fragile-b'),
  fragileSite('fragile-c'),
] as const;

let web: TestWeb;
let engine: ScanEngine;

beforeAll(async () => {
  web = await startTestWeb({ extraSites: [first, second, third] });
});
afterAll(() => web.close());
beforeEach(async () => {
  onImage = async () => Promise.resolve();
  engine = await startTestEngine(web);
});
afterEach(() => engine.close());

/** Kills the browser the first `times` times that an image is asked for. */
function killAtImage(times: number): void {
  let left = times;
  onImage = async () => {
    if (left > 0) {
      left -= 1;
      await killOwnBrowsers();
    }
  };
}

describe('an engine whose browser is killed', () => {
  it('ends the scan with a complete observation on its second try', async () => {
    killAtImage(1);
    const observation = await scanSite(engine, first.url);
    expect(observation).toMatchObject({ status: 'success', finalUrl: first.url });
    expect(observation.cookies.map(({ name }) => name).sort()).toEqual(['by_http', 'by_script']);
  });

  it('gives the second try only what the first one left of the time', async () => {
    const timeoutMs = 8_000;
    const startedAt = performance.now();
    let kills = 0;
    await scanSite(engine, 'https://never-answers.test/', {
      timeoutMs,
      onProgress: ({ stage }) => {
        // The first try has just used up its time in vain.
        if (stage === 'settling' && kills++ === 0) void killOwnBrowsers();
      },
    });
    // Twice the time would be the sign that the clock was started anew; the rest is for starting a browser.
    expect(performance.now() - startedAt).toBeLessThan(1.5 * timeoutMs);
  });

  it('says BROWSER_UNAVAILABLE when it happens twice to one scan, and goes on with the next', async () => {
    killAtImage(2);
    await expect(scanSite(engine, first.url)).rejects.toMatchObject({ code: 'BROWSER_UNAVAILABLE' });
    expect(await scanSite(engine, second.url)).toMatchObject({ status: 'success' });
  });

  it('starts another one when it happens between two scans', async () => {
    await scanSite(engine, first.url);
    await killOwnBrowsers();
    expect(await scanSite(engine, second.url)).toMatchObject({ status: 'success' });
  });

  it('replaces it by one browser, however many scans were running', async () => {
    let waiting = 0;
    let allWait = (): void => undefined;
    const together = new Promise<void>((resolve) => {
      allWait = resolve;
    });
    onImage = async () => {
      waiting += 1;
      if (waiting === 3) {
        await killOwnBrowsers();
        allWait();
      }
      await together;
    };
    const observations = await Promise.all(
      [first, second, third].map(async ({ url }) => await scanSite(engine, url)),
    );
    expect(observations.map(({ status }) => status)).toEqual(['success', 'success', 'success']);
    expect(await ownBrowserGroups()).toHaveLength(1);
  });
});

describe('an engine that is closed', () => {
  it('leaves no process and no profile folder', async () => {
    await scanSite(engine, first.url);
    expect(await ownBrowserProcesses()).not.toEqual([]);
    expect(await ownProfileFolders()).toHaveLength(1);
    await engine.close();
    await until(async () => (await ownBrowserProcesses()).length === 0);
    expect(await ownProfileFolders()).toEqual([]);
  });

  it('ends scans that are still running, and leaves nothing behind either', async () => {
    let onAsked = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      onAsked = resolve;
    });
    onImage = async () => {
      onAsked();
      await new Promise(() => undefined);
    };
    const scan = scanSite(engine, first.url);
    const ended = expect(scan).rejects.toMatchObject({ code: 'BROWSER_UNAVAILABLE' });
    await asked;
    await engine.close();
    await ended;
    await until(async () => (await ownBrowserProcesses()).length === 0);
    expect(await ownProfileFolders()).toEqual([]);
  });

  it('leaves nothing behind when a browser is just being started', async () => {
    await killOwnBrowsers();
    await until(async () => (await ownBrowserProcesses()).length === 0);
    const ended = scanSite(engine, first.url).then(
      () => 'ended',
      () => 'ended',
    );
    await engine.close();
    await ended;
    await until(async () => (await ownBrowserProcesses()).length === 0);
    expect(await ownProfileFolders()).toEqual([]);
  });
});

describe('an engine without a working browser', () => {
  it('says BROWSER_UNAVAILABLE and leaves no profile folder', async () => {
    await engine.close();
    const executablePath = '/bin/false';
    await expect(startScanEngine(testSettings(web, { executablePath }))).rejects.toMatchObject({
      code: 'BROWSER_UNAVAILABLE',
    });
    expect(await ownProfileFolders()).toEqual([]);
  });
});

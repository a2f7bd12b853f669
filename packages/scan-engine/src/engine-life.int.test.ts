import { startTestWeb, type TestWeb } from '@cookie-scanner/test-web';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  killOwnBrowsers,
  killOwnDoorkeepers,
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

/** For noticing that the browser is silent, and ending it. */
const DEADLINE_MARGIN_MS = 8_000;

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

  it('does the same when what keeps the browser’s network is killed', async () => {
    let kills = 0;
    onImage = async () => {
      if (kills++ === 0) await killOwnDoorkeepers();
    };
    expect(await scanSite(engine, first.url)).toMatchObject({ status: 'success', finalUrl: first.url });
    expect(await ownBrowserGroups()).toHaveLength(1);
  });

  it('says of the scan how long it took with both tries', async () => {
    killAtImage(1);
    const startedAt = performance.now();
    const { durationMs } = await scanSite(engine, first.url);
    const wholeMs = performance.now() - startedAt;
    // What is outside of both is a few steps; a try is hundreds of milliseconds.
    expect(wholeMs - durationMs).toBeLessThan(0.25 * wholeMs);
  });

  it('gives the second try only what the first one left of the time', async () => {
    const timeoutMs = 8_000;
    const navigationsAt: number[] = [];
    let kills = 0;
    await scanSite(engine, 'https://never-answers.test/', {
      timeoutMs,
      onProgress: ({ stage }) => {
        if (stage === 'navigating') navigationsAt.push(performance.now());
        // The first try has just used up its time in vain.
        if (stage === 'settling' && kills++ === 0) void killOwnBrowsers();
      },
    });
    // With the clock started anew the second try would take all of the time again.
    expect(performance.now() - (navigationsAt[1] ?? Infinity)).toBeLessThan(0.5 * timeoutMs);
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

describe('an engine with a fault of its own in a scan', () => {
  it('says what it is, keeps its browser and goes on', async () => {
    const before = await ownBrowserGroups();
    const fault = new TypeError('a fault in our code');
    const onProgress = (): void => {
      throw fault;
    };
    await expect(scanSite(engine, first.url, { onProgress })).rejects.toBe(fault);
    expect(await scanSite(engine, second.url)).toMatchObject({ status: 'success' });
    expect(await ownBrowserGroups()).toEqual(before);
  });
});

describe('an engine whose browser does not answer any more', () => {
  it('replaces it by the time the scan must be over, and goes on with the next', async () => {
    const timeoutMs = 5_000;
    const [groupId] = await ownBrowserGroups();
    if (groupId === undefined) throw new Error('there is no browser');
    onImage = async () => {
      onImage = async () => Promise.resolve();
      process.kill(-groupId, 'SIGSTOP');
    };
    const startedAt = performance.now();
    await expect(scanSite(engine, first.url, { timeoutMs })).rejects.toMatchObject({
      code: 'BROWSER_UNAVAILABLE',
    });
    expect(performance.now() - startedAt).toBeLessThan(timeoutMs + DEADLINE_MARGIN_MS);
    expect(await scanSite(engine, second.url)).toMatchObject({ status: 'success' });
    await until(async () => !(await ownBrowserGroups()).includes(groupId));
  });
});

describe('an engine that has had its share of a browser', () => {
  it('takes another one, and ends the first', async () => {
    await engine.close();
    engine = await startTestEngine(web, { browserScansMax: 2 });
    const groups = new Set<number>();
    for (const { url } of [first, second, third]) {
      expect(await scanSite(engine, url)).toMatchObject({ status: 'success' });
      for (const groupId of await ownBrowserGroups()) groups.add(groupId);
    }
    expect(groups.size).toBe(2);
    await until(async () => (await ownBrowserGroups()).length === 1);
  });
});

describe('an engine that gives every scan a browser', () => {
  it('ends each with its scan', async () => {
    await engine.close();
    engine = await startTestEngine(web, { isolation: 'browser' });
    const observations = await Promise.all(
      [first, second].map(async ({ url }) => await scanSite(engine, url)),
    );
    expect(observations.map(({ status }) => status)).toEqual(['success', 'success']);
    await until(async () => (await ownBrowserProcesses()).length === 0);
    await until(async () => (await ownProfileFolders()).length === 0);
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

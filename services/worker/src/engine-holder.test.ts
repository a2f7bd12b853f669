import { AppError } from '@cookie-scanner/errors';
import { silentLogger } from '@cookie-scanner/observability';
import type { ScanEngine } from '@cookie-scanner/scan-engine';
import { describe, expect, it } from '@jest/globals';
import { holdEngine, type EngineHolder } from './engine-holder.ts';
import { observedSite } from './observation.test.helper.ts';

type Scan = ScanEngine['scan'];

const URL_TO_SCAN = 'https://site.test/';
const options = { params: { mode: 'quick', timeoutMs: 5_000 } } as const;
const broken = new AppError('BROWSER_UNAVAILABLE', 'the browser failed');

/** An engine that counts its ends. */
function fakeEngine(scan: Scan = async () => observedSite()): ScanEngine & { closedCount: number } {
  return {
    scan,
    browserVersion: 'Chrome/156.0',
    closedCount: 0,
    async close() {
      this.closedCount += 1;
    },
  };
}

/** Holds engines that are started in this order; null is a start that fails. */
async function hold(...engines: (ScanEngine | null)[]): Promise<EngineHolder & { brokenCount(): number }> {
  let brokenCount = 0;
  const holder = await holdEngine({
    async start() {
      const engine = engines.shift();
      if (!engine) throw new AppError('BROWSER_UNAVAILABLE', 'No Chromium is installed.');
      return engine;
    },
    logger: silentLogger,
    onBroken: () => {
      brokenCount += 1;
    },
  });
  return { ...holder, brokenCount: () => brokenCount };
}

describe('holdEngine', () => {
  it('fails at once, with the reason, when the first engine cannot be started', async () => {
    await expect(hold(null)).rejects.toThrow('No Chromium is installed.');
  });

  it('waits for what kept the first engine from starting to pass, and says so until then', async () => {
    const started: string[] = [];
    const holder = await holdEngine({
      async start() {
        started.push('engine');
        if (started.length < 3) throw new AppError('BROWSER_UNAVAILABLE', 'no room', { mayPass: true });
        return fakeEngine();
      },
      logger: silentLogger,
      onBroken: () => undefined,
      retryMs: 1,
    });
    expect(holder.problem()).toBe('no room');
    while (holder.problem() !== null) await new Promise((resolve) => void setTimeout(resolve, 1));
    await expect(holder.scan(URL_TO_SCAN, options)).resolves.toMatchObject({ status: 'success' });
    expect(started).toHaveLength(3);
    await holder.close();
  });

  it('scans with one engine for as long as it works, whatever other errors occur', async () => {
    let calls = 0;
    const engine = fakeEngine(async () => {
      calls += 1;
      if (calls === 1) throw new Error('a bug');
      return observedSite();
    });
    const holder = await hold(engine);

    await expect(holder.scan(URL_TO_SCAN, options)).rejects.toThrow('a bug');
    await expect(holder.scan(URL_TO_SCAN, options)).resolves.toMatchObject({ status: 'success' });
    expect(holder.brokenCount()).toBe(0);
    await holder.close();
    expect(engine.closedCount).toBe(1);
  });

  it('replaces a broken engine, which ends with the last scan that runs on it', async () => {
    const { promise: slow, resolve: finishSlow } = Promise.withResolvers<undefined>();
    let calls = 0;
    const first = fakeEngine(async () => {
      calls += 1;
      if (calls === 2) throw broken;
      await slow;
      return observedSite();
    });
    const second = fakeEngine();
    const holder = await hold(first, second);

    const slowScan = holder.scan(URL_TO_SCAN, options);
    await expect(holder.scan(URL_TO_SCAN, options)).rejects.toMatchObject({ code: 'BROWSER_UNAVAILABLE' });
    await expect(holder.scan(URL_TO_SCAN, options)).resolves.toMatchObject({ status: 'success' });
    expect(first.closedCount).toBe(0);

    finishSlow(undefined);
    await expect(slowScan).resolves.toMatchObject({ status: 'success' });
    expect(first.closedCount).toBe(1);
    expect(holder.brokenCount()).toBe(1);
    await holder.close();
    expect(second.closedCount).toBe(1);
  });

  it('takes an engine that ran into the hard limit for broken, even when it never reacts', async () => {
    const first = fakeEngine(() => new Promise(() => undefined));
    const holder = await hold(first, fakeEngine());
    const signal = AbortSignal.abort(broken);

    await expect(holder.scan(URL_TO_SCAN, { ...options, signal })).rejects.toBe(broken);
    expect(first.closedCount).toBe(1);
    await expect(holder.scan(URL_TO_SCAN, options)).resolves.toMatchObject({ status: 'success' });
    await holder.close();
  });

  it('says why no scan can run while the next engine does not start, and recovers', async () => {
    const holder = await hold(
      fakeEngine(() => Promise.reject(broken)),
      null,
      fakeEngine(),
    );
    expect(holder.problem()).toBeNull();
    await expect(holder.scan(URL_TO_SCAN, options)).rejects.toBe(broken);

    await expect(holder.scan(URL_TO_SCAN, options)).rejects.toThrow('No Chromium');
    expect(holder.problem()).toContain('No Chromium');

    await expect(holder.scan(URL_TO_SCAN, options)).resolves.toMatchObject({ status: 'success' });
    expect(holder.problem()).toBeNull();
    await holder.close();
  });

  it('starts nothing once it is closed', async () => {
    const holder = await hold(fakeEngine(), fakeEngine());
    await holder.close();

    await expect(holder.scan(URL_TO_SCAN, options)).rejects.toMatchObject({ code: 'BROWSER_UNAVAILABLE' });
  });
});

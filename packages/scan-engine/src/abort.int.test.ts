import { scanParamsSchema } from '@cookie-scanner/contracts';
import { startTestWeb, type TestWeb } from '@cookie-scanner/test-web';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from './browser-processes.test.helper.ts';
import {
  openTestEnvironment,
  scanSite,
  startTestEngine,
  type TestEnvironment,
} from './engine-fixture.test.helper.ts';
import type { ScanOptions } from './planned-scan.ts';
import { runScan } from './run-scan.ts';
import type { ScanEngine } from './scan-engine.ts';
import { noticing, page, testSite } from './test-site.test.helper.ts';

const REASON = new Error('the operator cancelled the scan');

/** Called when a browser asks for the image that the site never answers. */
let onHang = (): void => undefined;

const hanging = testSite('hangs-for-ever', {
  '/': page(
    '<img src="/never.gif" alt=""><iframe src="https://hangs-elsewhere.test/"></iframe><script>new Worker("/worker.js");</script>',
    ['seen=1; Path=/'],
  ),
  '/never.gif': noticing(
    () => onHang(),
    () => undefined,
  ),
  '/worker.js': page(''),
  'hangs-elsewhere.test/': page('<h1>Frame</h1>'),
});

let web: TestWeb;

beforeAll(async () => {
  web = await startTestWeb({ extraSites: [hanging] });
});
afterAll(() => web.close());

/** Options of a scan that is aborted as soon as its page hangs. */
function abortedAtHang(): Pick<ScanOptions, 'signal'> {
  const controller = new AbortController();
  onHang = () => controller.abort(REASON);
  return { signal: controller.signal };
}

describe('a scan that is aborted', () => {
  let environment: TestEnvironment;

  beforeAll(async () => {
    environment = await openTestEnvironment(web);
  });
  afterAll(() => environment.browser.close());

  const params = scanParamsSchema.parse({ mode: 'quick', timeoutMs: 30_000 });

  /** Contexts and targets that the browser has beside those it was started with. */
  async function leftovers(): Promise<unknown[]> {
    const { root } = environment.browser;
    const { browserContextIds } = await root.send('Target.getBrowserContexts');
    const { targetInfos } = await root.send('Target.getTargets');
    const foreign = targetInfos.filter(
      ({ browserContextId, url }) =>
        browserContextIds.includes(browserContextId ?? '') || url.includes('hangs-for-ever'),
    );
    return [...browserContextIds, ...foreign];
  }

  it('rejects with the reason, and leaves no context and no target behind', async () => {
    await expect(runScan(hanging.url, { params, ...abortedAtHang() }, environment)).rejects.toBe(REASON);
    await until(async () => (await leftovers()).length === 0);
  });

  it('rejects with the reason before anything begins when it was aborted already', async () => {
    const requests = web.requestLog().length;
    await expect(
      runScan(hanging.url, { params, signal: AbortSignal.abort(REASON) }, environment),
    ).rejects.toBe(REASON);
    expect(web.requestLog()).toHaveLength(requests);
    expect(await leftovers()).toEqual([]);
  });

  it('does not disturb a scan beside it', async () => {
    const [aborted, other] = await Promise.allSettled([
      runScan(hanging.url, { params, ...abortedAtHang() }, environment),
      runScan('https://shop.test/', { params }, environment),
    ]);
    expect(aborted).toMatchObject({ status: 'rejected', reason: REASON });
    expect(other).toMatchObject({ status: 'fulfilled', value: { status: 'success' } });
  });

  it('leaves nobody listening at its signal when it ends by itself', async () => {
    const { signal } = new AbortController();
    const listening: string[] = [];
    const watched = new Proxy(signal, {
      get: (target, key) => {
        if (key === 'addEventListener')
          return (...args: [string, () => void]) => {
            listening.push(args[0]);
            target.addEventListener(...args);
          };
        if (key === 'removeEventListener')
          return (...args: [string, () => void]) => {
            listening.splice(listening.indexOf(args[0]), 1);
            target.removeEventListener(...args);
          };
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    await runScan('https://plain.test/', { params, signal: watched }, environment);
    expect(listening).toEqual([]);
  });
});

describe('an engine whose scan is aborted', () => {
  let engine: ScanEngine;

  beforeAll(async () => {
    engine = await startTestEngine(web);
  });
  afterAll(() => engine.close());

  it('passes the reason on, does not try again, and goes on with the next scan', async () => {
    const requests = web.requestLog().length;
    await expect(scanSite(engine, hanging.url, abortedAtHang())).rejects.toBe(REASON);
    expect(await scanSite(engine, 'https://shop.test/')).toMatchObject({ status: 'success' });
    const starts = web
      .requestLog()
      .slice(requests)
      .filter(({ url }) => url === hanging.url);
    expect(starts).toHaveLength(1);
  });
});

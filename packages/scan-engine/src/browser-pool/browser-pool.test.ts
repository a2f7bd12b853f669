import { describe, expect, it } from '@jest/globals';
import { browserPool, type PooledBrowser, type PoolLimits } from './browser-pool.ts';

interface FakeBrowser extends PooledBrowser {
  readonly number: number;
  isClosed: boolean;
  memory: number | null;
  die(): void;
}

function fakes() {
  const started: FakeBrowser[] = [];
  let failure: Error | null = null;
  const start = async (): Promise<FakeBrowser> => {
    await Promise.resolve();
    if (failure) throw failure;
    const { promise: gone, resolve: die } = Promise.withResolvers<void>();
    const browser: FakeBrowser = {
      number: started.length + 1,
      isClosed: false,
      memory: null,
      gone,
      die,
      memoryBytes: () => browser.memory,
      close() {
        browser.isClosed = true;
        die();
        return Promise.resolve();
      },
    };
    started.push(browser);
    return browser;
  };
  return {
    started,
    failNext: (error: Error | null): void => {
      failure = error;
    },
    pool: (limits: Partial<PoolLimits> = {}) =>
      browserPool(start, {
        isolation: 'context',
        browserScansMax: 1_000,
        browserMemoryMaxBytes: 1_000,
        ...limits,
      }),
  };
}

describe('a pool that shares browsers', () => {
  it('lends the same one to all, also to those who ask while it is being started', async () => {
    const { pool, started } = fakes();
    const lender = pool();
    const loans = await Promise.all([lender.borrow(), lender.borrow()]);
    loans.push(await lender.borrow());
    expect(loans.map(({ browser }) => browser.number)).toEqual([1, 1, 1]);
    expect(started).toHaveLength(1);
  });

  it('replaces one that has had its scans, and ends it with the last of them', async () => {
    const { pool, started } = fakes();
    const lender = pool({ browserScansMax: 2 });
    const [one, two] = await Promise.all([lender.borrow(), lender.borrow()]);
    const three = await lender.borrow();
    expect(three.browser.number).toBe(2);
    one.release();
    expect(started[0]?.isClosed).toBe(false);
    two.release();
    expect(started[0]?.isClosed).toBe(true);
    expect(started[1]?.isClosed).toBe(false);
  });

  it('replaces one that has grown too large, but not for the size of its first scans', async () => {
    const { pool, started } = fakes();
    const lender = pool();
    (await lender.borrow()).release();
    const [first] = started;
    if (!first) throw new Error('no browser was started');
    first.memory = 1_001;
    for (let scan = 1; scan < 20; scan += 1) {
      const loan = await lender.borrow();
      expect(loan.browser).toBe(first);
      loan.release();
    }
    expect((await lender.borrow()).browser.number).toBe(2);
    expect(first.isClosed).toBe(true);
  });

  it('goes by count alone where memory cannot be measured', async () => {
    const { pool, started } = fakes();
    const lender = pool({ browserScansMax: 50, browserMemoryMaxBytes: 0 });
    for (let scan = 0; scan < 50; scan += 1) (await lender.borrow()).release();
    expect(started).toHaveLength(1);
  });

  it('lends another one when the first is gone', async () => {
    const { pool, started } = fakes();
    const lender = pool();
    (await lender.borrow()).release();
    started[0]?.die();
    await Promise.resolve();
    expect((await lender.borrow()).browser.number).toBe(2);
  });

  it('lends one that was taken out of use to nobody else, however often that is said', async () => {
    const { pool, started } = fakes();
    const lender = pool();
    const loan = await lender.borrow();
    loan.retire();
    loan.retire();
    expect((await lender.borrow()).browser.number).toBe(2);
    expect(started[0]?.isClosed).toBe(false);
    loan.release();
    expect(started[0]?.isClosed).toBe(true);
    expect(started[1]?.isClosed).toBe(false);
  });

  it('tells all who wait that a start failed, and starts anew for the next', async () => {
    const { pool, failNext } = fakes();
    const lender = pool();
    failNext(new Error('no memory'));
    const results = await Promise.allSettled([lender.borrow(), lender.borrow()]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    failNext(null);
    expect((await lender.borrow()).browser.number).toBe(1);
  });
});

describe('a pool that gives every scan a browser', () => {
  it('ends it with its scan', async () => {
    const { pool, started } = fakes();
    const lender = pool({ isolation: 'browser' });
    const [one, two] = await Promise.all([lender.borrow(), lender.borrow()]);
    expect([one.browser.number, two.browser.number].sort()).toEqual([1, 2]);
    one.release();
    expect(one.browser.isClosed).toBe(true);
    expect(two.browser.isClosed).toBe(false);
    expect(started).toHaveLength(2);
  });
});

describe('a pool that is closed', () => {
  it.each(['context', 'browser'] as const)(
    'ends every browser, lent or being started: %s',
    async (isolation) => {
      const { pool, started } = fakes();
      const lender = pool({ isolation });
      await lender.borrow();
      const late = lender.borrow();
      const refused =
        isolation === 'browser' ? expect(late).rejects.toMatchObject({ code: 'BROWSER_UNAVAILABLE' }) : late;
      await lender.close();
      await refused;
      expect(started.every(({ isClosed }) => isClosed)).toBe(true);
      await expect(lender.borrow()).rejects.toMatchObject({ code: 'BROWSER_UNAVAILABLE' });
    },
  );
});

import { describe, expect, it } from '@jest/globals';
import { silentLogger } from '@cookie-scanner/observability';
import { startPeriodicTask } from './periodic-task.ts';

const FOR_EVER_MS = 2 ** 31 - 1;

describe('a periodic task', () => {
  it('runs at once and again after each pause, also after a run that failed', async () => {
    const third = Promise.withResolvers<undefined>();
    const warnings: unknown[] = [];
    const failure = new Error('away');
    let runs = 0;
    const task = startPeriodicTask({
      name: 'count',
      intervalMs: 1,
      logger: { ...silentLogger, warn: (_message, fields) => void warnings.push(fields) },
      run: () => {
        runs += 1;
        if (runs === 3) third.resolve(undefined);
        return runs === 1 ? Promise.reject(failure) : Promise.resolve();
      },
    });
    await third.promise;
    await task.stop();
    expect(warnings).toEqual([{ task: 'count', error: failure }]);
  });

  it('finishes the run in flight before it is stopped, and starts no other', async () => {
    const begun = Promise.withResolvers<undefined>();
    const finish = Promise.withResolvers<undefined>();
    let runs = 0;
    const task = startPeriodicTask({
      name: 'wait',
      intervalMs: 0,
      logger: silentLogger,
      run: async () => {
        runs += 1;
        begun.resolve(undefined);
        await finish.promise;
      },
    });
    await begun.promise;
    let isStopped = false;
    const stopped = task.stop().then(() => {
      isStopped = true;
    });
    await new Promise(setImmediate);
    expect(isStopped).toBe(false);
    finish.resolve(undefined);
    await stopped;
    expect(runs).toBe(1);
  });

  it('is stopped at once while it pauses', async () => {
    const task = startPeriodicTask({
      name: 'rest',
      intervalMs: FOR_EVER_MS,
      logger: silentLogger,
      run: () => Promise.resolve(),
    });
    await task.stop();
  });
});

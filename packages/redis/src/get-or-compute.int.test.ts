import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { jsonCache, type JsonCache } from './json-cache.ts';
import { keyName } from './key-spaces.ts';
import type { RedisOwner } from './open-redis.ts';
import { gate, outcomeOf, testOwners, until, warningsOf } from './test-owners.test.helper.ts';

type NumberCache = JsonCache<z.ZodNumber>;

const CALLERS = 100;
const CALLER_PROGRAM = fileURLToPath(new URL('get-or-compute.test.fixture.ts', import.meta.url));

describe('getOrCompute', () => {
  const owners = testOwners();
  afterEach(() => owners.close());

  const numbers = (redis: RedisOwner): NumberCache =>
    jsonCache(redis, { space: 'analytics:metrics', schema: z.number() });
  const many = (cache: NumberCache, compute: () => Promise<number>): Promise<unknown>[] =>
    Array.from({ length: CALLERS }, () => outcomeOf(cache.getOrCompute('id', compute)));

  /** Leaves the value past its lifetime, with its stale half still ahead. */
  async function makeStale(redis: RedisOwner): Promise<void> {
    await redis.connection('failFast').expire(keyName(redis.prefix, 'analytics:metrics', 'id'), 3_000);
  }

  it('computes once for 100 callers in two processes at the same time, and keeps the value', async () => {
    const [one, other] = [numbers(await owners.open()), numbers(await owners.open())];
    const { opened, open } = gate();
    let computed = 0;
    const compute = async (): Promise<number> => {
      computed += 1;
      await opened;
      return computed;
    };

    const answers = Promise.all([...many(one, compute), ...many(other, compute)]);
    await until(() => computed > 0);
    open();

    expect(new Set(await answers)).toEqual(new Set([1]));
    await expect(one.getOrCompute('id', compute)).resolves.toBe(1);
    expect(computed).toBe(1);
  });

  it('computes once for the callers of several processes of the operating system', async () => {
    const redis = await owners.open();
    const counter = `${redis.prefix}:computed`;
    const children = Array.from({ length: 3 }, () =>
      spawn(process.execPath, [CALLER_PROGRAM, owners.test.url, redis.prefix, counter, String(CALLERS)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      }),
    );
    const outputs = await Promise.all(
      children.map(async (child) => {
        let output = '';
        child.stdout.on('data', (chunk) => (output += String(chunk)));
        await once(child, 'close');
        return output;
      }),
    );

    expect(outputs).toEqual(Array.from({ length: 3 }, () => JSON.stringify([1])));
    await expect(redis.connection('failFast').get(counter)).resolves.toBe('1');
  });

  it('gives the error of a computation to all who wait for it, and keeps it for nobody', async () => {
    const cache = numbers(await owners.open());
    const { opened, open } = gate();
    let computed = 0;
    const failing = async (): Promise<number> => {
      computed += 1;
      await opened;
      throw new Error('the source is broken');
    };

    const answers = Promise.all(many(cache, failing));
    await until(() => computed > 0);
    open();

    expect(new Set(await answers)).toEqual(new Set(['the source is broken']));
    expect(computed).toBe(1);
    await expect(cache.getOrCompute('id', async () => 2)).resolves.toBe(2);
  });

  it('treats a computation that throws before it awaits like one that rejects', async () => {
    const cache = numbers(await owners.open());
    const failing = (): never => {
      throw new Error('thrown at once');
    };

    await expect(cache.getOrCompute('id', failing)).rejects.toThrow('thrown at once');
    await expect(cache.getOrCompute('id', async () => 2)).resolves.toBe(2);
  });

  it('lets a waiting process compute for itself when the first one failed', async () => {
    const [one, other] = [numbers(await owners.open()), numbers(await owners.open())];
    const { opened, open } = gate();
    let isComputing = false;
    const failing = async (): Promise<number> => {
      isComputing = true;
      await opened;
      throw new Error('the source is broken');
    };

    const first = outcomeOf(one.getOrCompute('id', failing));
    await until(() => isComputing);
    const second = other.getOrCompute('id', async () => 2);
    open();

    await expect(first).resolves.toBe('the source is broken');
    await expect(second).resolves.toBe(2);
  });

  it('takes over from a process that died while it computed', async () => {
    const [one, other] = [numbers(await owners.open()), numbers(await owners.open())];
    const { opened, open } = gate();
    let isComputing = false;
    const first = one.getOrCompute('id', async () => {
      isComputing = true;
      await opened;
      return 1;
    });
    await until(() => isComputing);
    // What is left of a dead process is a claim that nobody renews.
    const claim = keyName(owners.test.prefix, 'lock', 'cache', 'analytics:metrics', 'id');
    const redis = await owners.open();
    await redis.connection('failFast').set(claim, 'a dead process', 'PX', 300);

    await expect(other.getOrCompute('id', async () => 2)).resolves.toBe(2);
    open();
    await first;
    await expect(other.get('id')).resolves.toBe(2);
  });

  it('gives up on a computation that takes too long, tells it so, and is free again', async () => {
    const cache = numbers(await owners.open());
    let reason: unknown;
    const hanging = ({ signal }: { signal: AbortSignal }): Promise<number> =>
      new Promise(() => {
        signal.addEventListener('abort', () => {
          reason = signal.reason;
        });
      });

    await expect(cache.getOrCompute('id', hanging, { timeoutMs: 50 })).rejects.toMatchObject({
      code: 'COMPUTE_TIMED_OUT',
    });
    expect(reason).toMatchObject({ code: 'COMPUTE_TIMED_OUT' });
    await expect(cache.getOrCompute('id', async () => 2)).resolves.toBe(2);
  });

  it('computes for itself when another process takes longer than it would wait', async () => {
    const [one, other] = [numbers(await owners.open()), numbers(await owners.open())];
    const { opened, open } = gate();
    let isComputing = false;
    const slow = one.getOrCompute('id', async () => {
      isComputing = true;
      await opened;
      return 1;
    });
    await until(() => isComputing);

    await expect(other.getOrCompute('id', async () => 2, { timeoutMs: 100 })).resolves.toBe(2);
    open();
    await expect(slow).resolves.toBe(1);
  });

  it('does not keep what was computed from a source that changed meanwhile', async () => {
    const [one, other] = [numbers(await owners.open()), numbers(await owners.open())];
    const { opened, open } = gate();
    let isComputing = false;
    const outdated = one.getOrCompute('id', async () => {
      isComputing = true;
      await opened;
      return 1;
    });
    await until(() => isComputing);

    await other.delete('id');
    const current = await other.getOrCompute('id', async () => 2);
    open();

    expect(current).toBe(2);
    await expect(outdated).resolves.toBe(1);
    await expect(one.get('id')).resolves.toBe(2);
  });

  it('lets nobody join a computation that began before a value was deleted in the same process', async () => {
    const cache = numbers(await owners.open());
    const { opened, open } = gate();
    let isComputing = false;
    const outdated = cache.getOrCompute('id', async () => {
      isComputing = true;
      await opened;
      return 1;
    });
    await until(() => isComputing);

    await cache.delete('id');
    await expect(cache.getOrCompute('id', async () => 2)).resolves.toBe(2);
    open();

    await expect(outdated).resolves.toBe(1);
    await expect(cache.get('id')).resolves.toBe(2);
  });

  describe('with staleWhileRecomputing', () => {
    const options = { staleWhileRecomputing: true };

    it('serves the stale value to all while it is computed anew once', async () => {
      const redis = await owners.open();
      const [one, other] = [numbers(redis), numbers(await owners.open())];
      await one.getOrCompute('id', async () => 1, options);
      await makeStale(redis);
      const { opened, open } = gate();
      let computed = 0;
      const compute = async (): Promise<number> => {
        computed += 1;
        await opened;
        return 2;
      };

      const callers = [one, other].flatMap((cache) =>
        Array.from({ length: CALLERS }, () => cache.getOrCompute('id', compute, options)),
      );

      expect(new Set(await Promise.all(callers))).toEqual(new Set([1]));
      open();
      await until(async () => (await one.get('id')) === 2);
      expect(computed).toBe(1);
    });

    it('computes a stale value for whoever did not ask for stale ones', async () => {
      const redis = await owners.open();
      const cache = numbers(redis);
      await cache.getOrCompute('id', async () => 1, options);
      await makeStale(redis);

      await expect(cache.get('id')).resolves.toBeUndefined();
      await expect(cache.getOrCompute('id', async () => 2)).resolves.toBe(2);
    });

    it('goes on serving the stale value when it cannot be computed anew, and logs why', async () => {
      const { logger, warnings } = warningsOf();
      const redis = await owners.open({ logger });
      const cache = numbers(redis);
      await cache.getOrCompute('id', async () => 1, options);
      await makeStale(redis);
      const failing = async (): Promise<number> => {
        throw new Error('the source is broken');
      };

      await expect(cache.getOrCompute('id', failing, options)).resolves.toBe(1);
      await until(() => warnings.includes('a cached value could not be computed anew'));
      await expect(cache.getOrCompute('id', failing, options)).resolves.toBe(1);
    });
  });
});

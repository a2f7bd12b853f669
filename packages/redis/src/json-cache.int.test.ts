import { afterEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { jsonCache } from './json-cache.ts';
import { keyName } from './key-spaces.ts';
import { testOwners, warningsOf } from './test-owners.test.helper.ts';

const schema = z.object({ text: z.string() });

describe('jsonCache', () => {
  const owners = testOwners();
  afterEach(() => owners.close());

  it('gives back what was set, also to another process, for the lifetime of its family', async () => {
    const redis = await owners.open();
    const cache = jsonCache(redis, { space: 'scan_result', schema });

    await expect(cache.get('id')).resolves.toBeUndefined();
    await expect(cache.set('id', { text: 'kept' })).resolves.toBe(true);

    const other = jsonCache(await owners.open(), { space: 'scan_result', schema });
    await expect(other.get('id')).resolves.toEqual({ text: 'kept' });
    const lifetime = await redis.connection('failFast').ttl(keyName(redis.prefix, 'scan_result', 'id'));
    expect(lifetime).toBeGreaterThan(290);
    expect(lifetime).toBeLessThanOrEqual(300);
  });

  it('takes lifetimes from the settings, also while it is open', async () => {
    const redis = await owners.open({ lifetimesSeconds: { scan_result: 50 } });
    const cache = jsonCache(redis, { space: 'scan_result', schema });
    const lifetimeOf = (id: string): Promise<number> =>
      redis.connection('failFast').ttl(keyName(redis.prefix, 'scan_result', id));

    await cache.set('before', { text: '' });
    redis.setLifetimes({ scan_result: 5_000 });
    await cache.set('after', { text: '' });

    expect(await lifetimeOf('before')).toBeLessThanOrEqual(50);
    expect(await lifetimeOf('after')).toBeGreaterThan(4_000);
    expect(() => redis.setLifetimes({ scan_result: 0 })).toThrow('scan_result');
    expect(redis.lifetimeSeconds('scan_result')).toBe(5_000);
  });

  it('forgets what is deleted', async () => {
    const cache = jsonCache(await owners.open(), { space: 'scan_result', schema });
    await cache.set('id', { text: 'kept' });

    await expect(cache.delete('id')).resolves.toBe(true);

    await expect(cache.get('id')).resolves.toBeUndefined();
  });

  it('tells null, which is a value, from nothing', async () => {
    const cache = jsonCache(await owners.open(), {
      space: 'user:preferences',
      schema: z.string().nullable(),
    });
    await cache.set('id', null);

    await expect(cache.get('id')).resolves.toBeNull();
  });

  it.each(['0|{"text":', '0|{"text":1}', '{"text":"no head"}', 'nonsense', ''])(
    'takes %j, which it cannot read, as nothing',
    async (stored) => {
      const redis = await owners.open();
      await redis.connection('failFast').set(keyName(redis.prefix, 'scan_result', 'id'), stored, 'EX', 60);

      const cache = jsonCache(redis, { space: 'scan_result', schema });

      await expect(cache.get('id')).resolves.toBeUndefined();
      await expect(cache.getOrCompute('id', async () => ({ text: 'new' }))).resolves.toEqual({ text: 'new' });
      await expect(cache.get('id')).resolves.toEqual({ text: 'new' });
    },
  );

  it('takes a key of another kind as nothing', async () => {
    const redis = await owners.open();
    await redis.connection('failFast').lpush(keyName(redis.prefix, 'scan_result', 'id'), 'a list');
    const cache = jsonCache(redis, { space: 'scan_result', schema });

    await expect(cache.get('id')).resolves.toBeUndefined();
    await expect(cache.getOrCompute('id', async () => ({ text: 'new' }))).resolves.toEqual({ text: 'new' });
  });

  it.each([
    ['NUL', 'a\0b'],
    ['a lone surrogate', 'a\ud800b'],
    ['4 KB of anything', '€"\\\n'.repeat(1_024)],
  ])('keeps a value with %s faithfully', async (_what, text) => {
    const cache = jsonCache(await owners.open(), { space: 'scan_result', schema });
    await cache.set('id', { text });

    await expect(cache.get('id')).resolves.toEqual({ text });
  });

  it.each([
    ['NUL', 'a\0b'],
    ['separators', 'a:b*{c}'],
    ['4 KB', 'x'.repeat(4_096)],
  ])('keeps a value under an id with %s', async (_what, id) => {
    const cache = jsonCache(await owners.open(), { space: 'scan_result', schema });
    await cache.set(id, { text: 'kept' });

    await expect(cache.get(id)).resolves.toEqual({ text: 'kept' });
    await expect(cache.get(id.slice(1))).resolves.toBeUndefined();
  });

  it.each(['', 'a\ud800b', 'x'.repeat(4_097)])('refuses the id %j in every operation', async (id) => {
    const cache = jsonCache(await owners.open(), { space: 'scan_result', schema });
    const refusal = { code: 'INPUT_INVALID' };
    const compute = async (): Promise<{ text: string }> => ({ text: '' });

    await expect(cache.get(id)).rejects.toMatchObject(refusal);
    await expect(cache.set(id, { text: '' })).rejects.toMatchObject(refusal);
    await expect(cache.delete(id)).rejects.toMatchObject(refusal);
    await expect(cache.getOrCompute(id, compute)).rejects.toMatchObject(refusal);
  });

  it('does not keep a value above the size bound, and says so', async () => {
    const { logger, warnings } = warningsOf();
    const redis = await owners.open({ logger });
    const cache = jsonCache(redis, { space: 'scan_result', schema, sizeMaxBytes: 20 });

    await expect(cache.set('fits', { text: '123456789' })).resolves.toBe(true);
    await expect(cache.set('large', { text: '1234567890' })).resolves.toBe(false);
    const large = { text: 'ü'.repeat(5) };
    await expect(cache.getOrCompute('large', async () => large)).resolves.toEqual(large);

    await expect(cache.get('large')).resolves.toBeUndefined();
    expect(warnings).toEqual(['a value is too large for the cache']);
  });

  it('refuses a value that could not be read back', async () => {
    const cache = jsonCache(await owners.open(), {
      space: 'scan_result',
      schema: z.object({ at: z.date() }),
    });
    const value = { at: new Date() };

    await expect(cache.set('id', value)).rejects.toThrow('shape');
    await expect(cache.getOrCompute('id', async () => value)).rejects.toThrow('shape');
  });
});

import { afterEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { sessionStore, type SessionStore } from './sessions.ts';
import { testOwners, until } from './test-owners.test.helper.ts';

const schema = z.object({ device: z.string() });
const data = { device: 'a browser' };

describe('sessionStore', () => {
  const owners = testOwners();
  afterEach(() => owners.close());

  async function openStore(sessionSeconds?: number): Promise<SessionStore<typeof schema>> {
    const lifetimesSeconds = sessionSeconds === undefined ? {} : { session: sessionSeconds };
    return sessionStore(await owners.open({ lifetimesSeconds }), schema);
  }

  async function keys(): Promise<string[]> {
    const redis = await owners.open();
    return redis.connection('failFast').keys(`${owners.test.prefix}:*`);
  }

  it('opens a session in any process to whoever has its id', async () => {
    const [one, other] = [await openStore(), await openStore()];
    const { id, session } = await one.create('user', data);

    expect(session).toMatchObject({ userId: 'user', data });
    expect(session.createdAtMs).toBe(session.seenAtMs);
    await expect(other.read(id)).resolves.toEqual(session);
    await expect(other.read('another id')).resolves.toBeNull();
    await expect(other.read('')).resolves.toBeNull();
    await expect(other.read(session.handle)).resolves.toBeNull();
  });

  it('lets nobody who reads Redis use a session', async () => {
    const { id } = await (await openStore()).create('user', data);
    const redis = (await owners.open()).connection('failFast');

    const contents = await Promise.all(
      (await keys()).map(async (key) =>
        (await redis.type(key)) === 'hash' ? redis.hgetall(key) : redis.zrange(key, '0', '-1'),
      ),
    );

    expect(contents).toHaveLength(2);
    expect(JSON.stringify([contents, await keys()])).not.toContain(id);
  });

  it('lives for a day from its last use, and reading is no use', async () => {
    const redis = await owners.open();
    const store = sessionStore(redis, schema);
    const { id } = await store.create('user', data);
    const connection = redis.connection('failFast');
    const shortest = async (): Promise<number> =>
      Math.min(...(await Promise.all((await keys()).map((key) => connection.ttl(key)))));
    expect(await shortest()).toBeGreaterThan(86_000);
    for (const key of await keys()) await connection.expire(key, 100);

    await store.read(id);
    expect(await shortest()).toBeLessThanOrEqual(100);
    await expect(store.touch(id)).resolves.toMatchObject({ userId: 'user', data });
    expect(await shortest()).toBeGreaterThan(86_000);
  });

  it('ends and leaves the list when it is not used', async () => {
    const store = await openStore(1);
    const { id } = await store.create('user', data);

    await until(async () => (await store.read(id)) === null);

    await expect(store.touch(id)).resolves.toBeNull();
    await expect(store.list('user')).resolves.toEqual([]);
    await expect(store.destroyAll('user')).resolves.toBe(0);
  });

  it('stays in the list of its user for as long as it is used', async () => {
    const long = await openStore();
    const short = await openStore(1);
    const { session } = await long.create('user', data);
    const { id } = await short.create('user', data);
    await until(async () => (await short.read(id)) === null);

    await expect(long.list('user')).resolves.toEqual([session]);
  });

  it('is destroyed by its id, once', async () => {
    const store = await openStore();
    const { id } = await store.create('user', data);

    await expect(store.destroy(id)).resolves.toBe(true);

    await expect(store.destroy(id)).resolves.toBe(false);
    await expect(store.read(id)).resolves.toBeNull();
    await expect(store.list('user')).resolves.toEqual([]);
    await expect(keys()).resolves.toEqual([]);
  });

  it('is destroyed by its handle, only for its own user', async () => {
    const store = await openStore();
    const { id, session } = await store.create('user', data);

    await expect(store.destroyByHandle('somebody else', session.handle)).resolves.toBe(false);
    await expect(store.read(id)).resolves.not.toBeNull();
    await expect(store.destroyByHandle('user', session.handle)).resolves.toBe(true);
    await expect(store.read(id)).resolves.toBeNull();
    await expect(store.destroyByHandle('user', 'user:user')).resolves.toBe(false);
  });

  it('lists the sessions of one user, the one used last first', async () => {
    const store = await openStore();
    const first = await store.create('user', { device: 'first' });
    const second = await store.create('user', { device: 'second' });
    await store.create('other', { device: 'third' });
    await until(async () => {
      const touched = await store.touch(first.id);
      return touched !== null && touched.seenAtMs > second.session.seenAtMs;
    });

    const devices = (await store.list('user')).map((session) => session.data.device);

    expect(devices).toEqual(['first', 'second']);
  });

  it('destroys all sessions of a user at once, but for the one to keep', async () => {
    const store = await openStore();
    const created = await Promise.all(Array.from({ length: 20 }, () => store.create('user', data)));
    const stranger = await store.create('stranger', data);
    const [kept] = created;

    await expect(store.destroyAll('user', kept?.id)).resolves.toBe(19);
    await expect(store.list('user')).resolves.toEqual([kept?.session]);
    await expect(store.destroyAll('user')).resolves.toBe(1);
    await expect(store.list('user')).resolves.toEqual([]);
    await expect(store.read(stranger.id)).resolves.toEqual(stranger.session);
  });

  it('takes data of another shape as no session', async () => {
    const redis = await owners.open();
    const old = sessionStore(redis, z.object({ oldName: z.string() }));
    const { id } = await old.create('user', { oldName: '' });
    const store = sessionStore(redis, schema);

    await expect(store.read(id)).resolves.toBeNull();
    await expect(store.touch(id)).resolves.toBeNull();
    await expect(store.list('user')).resolves.toEqual([]);
    await expect(store.destroyAll('user')).resolves.toBe(1);
  });

  it.each([
    ['NUL', 'a\0b'],
    ['a lone surrogate', 'a\ud800b'],
    ['4 KB', '"'.repeat(4_096)],
  ])('keeps data with %s faithfully', async (_what, device) => {
    const store = await openStore();
    const { id } = await store.create('user', { device });

    await expect(store.read(id)).resolves.toMatchObject({ data: { device } });
  });

  it('refuses too much data and users that cannot be told apart', async () => {
    const store = await openStore();

    await expect(store.create('user', { device: 'x'.repeat(17_000) })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
    for (const userId of ['', 'half \ud800', 'x'.repeat(4_097)]) {
      await expect(store.create(userId, data)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    }
    await expect(store.create('nul\0 and : and *', data)).resolves.toBeDefined();
    await expect(store.list('nul\0 and : and *')).resolves.toHaveLength(1);
  });
});

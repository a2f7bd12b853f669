import { afterEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { presence, type Presence, type PresentMember } from './presence.ts';
import { testOwners, until } from './test-owners.test.helper.ts';

const cursor = z.object({ scanId: z.string(), line: z.number() });
type Member = PresentMember<z.output<typeof cursor>>;

const member = (connectionId: string, line = 1): Member => ({
  userId: 'user',
  connectionId,
  cursor: { scanId: 'scan', line },
});

describe('presence', () => {
  const owners = testOwners();
  afterEach(() => owners.close());

  async function openRooms(presenceSeconds = 30): Promise<Presence<typeof cursor>> {
    return presence(await owners.open({ lifetimesSeconds: { presence: presenceSeconds } }), cursor);
  }

  it('shows who is in a workspace and where, over processes', async () => {
    const [one, other] = [await openRooms(), await openRooms()];

    await expect(one.heartbeat('workspace', member('a'))).resolves.toBe('joined');
    await expect(other.heartbeat('workspace', member('b'))).resolves.toBe('joined');
    await expect(one.heartbeat('workspace', member('a', 2))).resolves.toBe('present');
    await one.heartbeat('another workspace', member('c'));

    const present = await other.list('workspace');
    expect(present).toHaveLength(2);
    expect(present).toEqual(expect.arrayContaining([member('a', 2), member('b')]));
    await expect(one.list('empty workspace')).resolves.toEqual([]);
  });

  it('forgets who leaves', async () => {
    const rooms = await openRooms();
    await rooms.heartbeat('workspace', member('a'));

    await expect(rooms.leave('workspace', 'a')).resolves.toBe(true);

    await expect(rooms.list('workspace')).resolves.toEqual([]);
    await expect(rooms.leave('workspace', 'a')).resolves.toBe(false);
    await expect(rooms.heartbeat('workspace', member('a'))).resolves.toBe('joined');
  });

  it('forgets who stops saying that they are here, and not the others', async () => {
    const [patient, hasty] = [await openRooms(30), await openRooms(1)];
    await patient.heartbeat('workspace', member('stays'));
    await hasty.heartbeat('workspace', member('vanishes'));

    await until(async () => (await patient.list('workspace'))?.length === 1);

    await expect(patient.list('workspace')).resolves.toEqual([member('stays')]);
    await expect(hasty.leave('workspace', 'vanishes')).resolves.toBe(false);
  });

  it('leaves nothing behind in a workspace that all have left', async () => {
    const redis = await owners.open({ lifetimesSeconds: { presence: 1 } });
    await presence(redis, cursor).heartbeat('workspace', member('a'));

    const count = async (): Promise<number> =>
      (await redis.connection('failFast').keys(`${redis.prefix}:*`)).length;
    expect(await count()).toBe(2);
    await until(async () => (await count()) === 0);
  });

  it('counts the windows of one user apart', async () => {
    const rooms = await openRooms();
    await rooms.heartbeat('workspace', member('one window'));
    await rooms.heartbeat('workspace', member('another window'));
    await rooms.leave('workspace', 'one window');

    await expect(rooms.list('workspace')).resolves.toEqual([member('another window')]);
  });

  it('is full at 1,000 members, who may stay and go', async () => {
    const rooms = await openRooms();
    const ids = Array.from({ length: 1_000 }, (_, index) => `window ${index}`);
    await Promise.all(ids.map((id) => rooms.heartbeat('workspace', member(id))));

    await expect(rooms.heartbeat('workspace', member('one more'))).resolves.toBe('full');
    await expect(rooms.heartbeat('workspace', member('window 7'))).resolves.toBe('present');
    await expect(rooms.list('workspace')).resolves.toHaveLength(1_000);
    await rooms.leave('workspace', 'window 7');
    await expect(rooms.heartbeat('workspace', member('one more'))).resolves.toBe('joined');
  });

  it('does not show what it cannot read', async () => {
    const redis = await owners.open();
    const other = presence(redis, z.string());
    await other.heartbeat('workspace', { userId: 'user', connectionId: 'old', cursor: 'another shape' });

    await expect((await openRooms()).list('workspace')).resolves.toEqual([]);
  });

  it('keeps NUL and lone surrogates in a cursor, and refuses them where people could be mixed up', async () => {
    const rooms = await openRooms();
    const strange = { userId: 'nul\0', connectionId: 'nul\0', cursor: { scanId: '\ud800\0', line: 1 } };

    await expect(rooms.heartbeat('nul\0', strange)).resolves.toBe('joined');
    await expect(rooms.list('nul\0')).resolves.toEqual([strange]);
    await expect(rooms.list('nul')).resolves.toEqual([]);
    for (const bad of ['', '\ud800', 'x'.repeat(4_097)]) {
      await expect(rooms.heartbeat('workspace', member(bad))).rejects.toMatchObject({
        code: 'INPUT_INVALID',
      });
      await expect(rooms.leave('workspace', bad)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
      await expect(rooms.list(bad)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    }
  });

  it('refuses a member who says too much', async () => {
    const rooms = await openRooms();
    const talkative = { ...member('a'), cursor: { scanId: 'x'.repeat(4_096), line: 1 } };

    await expect(rooms.heartbeat('workspace', talkative)).resolves.toBe('too_large');
    await expect(rooms.list('workspace')).resolves.toEqual([]);
  });
});

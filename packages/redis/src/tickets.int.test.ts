import { afterEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { testOwners, until } from './test-owners.test.helper.ts';
import { tickets } from './tickets.ts';

const schema = z.object({ userId: z.string() });

describe('tickets', () => {
  const owners = testOwners();
  afterEach(() => owners.close());

  it('are good once, in any process, also when many take one at the same moment', async () => {
    const one = tickets(await owners.open(), schema);
    const other = tickets(await owners.open(), schema);
    const { ticket, expiresInSeconds } = await one.issue({ userId: 'ada' });
    expect(expiresInSeconds).toBe(30);
    const taken = await Promise.all(Array.from({ length: 20 }, () => other.take(ticket)));
    expect(taken.filter((content) => content !== null)).toEqual([{ userId: 'ada' }]);
    for (const bad of ['', '*', 'a'.repeat(43), `${ticket}x`])
      await expect(one.take(bad)).resolves.toBeNull();
  });

  it('run out by themselves, and show nobody who reads Redis what opens a connection', async () => {
    const redis = await owners.open({ lifetimesSeconds: { live_ticket: 1 } });
    const { ticket } = await tickets(redis, schema).issue({ userId: 'ada' });
    const keys = () => redis.connection('failFast').keys(`${redis.prefix}:live_ticket:*`);
    expect(await keys()).toHaveLength(1);
    expect((await keys()).join()).not.toContain(ticket);
    await until(async () => (await keys()).length === 0);
    await expect(tickets(redis, schema).take(ticket)).resolves.toBeNull();
  });
});

import { scanParamsSchema } from '@cookie-scanner/contracts';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { silentLogger } from '@cookie-scanner/observability';
import { openDatabase, type Database } from './open-database.ts';
import { outboxRepository, type OutboxEvent, type OutboxRepository } from './outbox.repository.ts';
import { scanRepository } from './scan.repository.ts';
import { createTestDatabase, type TestDatabase } from './testing/create-test-database.ts';

describe('the outbox', () => {
  let test: TestDatabase;
  let database: Database;
  let outbox: OutboxRepository;

  beforeEach(async () => {
    test = await createTestDatabase();
    database = openDatabase({ url: test.url, logger: silentLogger });
    outbox = outboxRepository(database);
  });
  afterEach(async () => {
    await database.close();
    await test.drop();
  });

  const submit = async (count: number): Promise<string[]> => {
    const ids: string[] = [];
    for (let n = 0; n < count; n += 1) {
      const scan = await scanRepository(database).create({
        requestedUrl: 'https://shop.example/',
        params: scanParamsSchema.parse({ mode: 'quick', timeoutMs: 60_000 }),
      });
      ids.push(scan.id);
    }
    return ids;
  };
  const drop = (): Promise<void> => Promise.resolve();
  const collectInto = (published: OutboxEvent[]) => (events: OutboxEvent[]) => {
    published.push(...events);
    return Promise.resolve();
  };
  const scanIds = (events: OutboxEvent[]): unknown[] =>
    events.map(({ payload }) => (payload as { scanId: string }).scanId);

  it('hands over what was committed, oldest first, and nothing twice', async () => {
    const ids = await submit(3);
    const published: OutboxEvent[] = [];
    const publish = collectInto(published);
    expect(await outbox.relayBatch(2, publish)).toBe(2);
    expect(await outbox.relayBatch(2, publish)).toBe(1);
    expect(await outbox.relayBatch(2, publish)).toBe(0);
    expect(scanIds(published)).toEqual(ids);
    expect(published[0]).toEqual({
      id: expect.any(String),
      queue: 'scan-site',
      payload: { scanId: ids[0], offer: 0, turn: 0 },
    });
  });

  it('hands each event to one of two relays that work at the same time', async () => {
    const ids = await submit(20);
    const published: OutboxEvent[] = [];
    const bothInside = Promise.withResolvers<undefined>();
    let inside = 0;
    const relay = (): Promise<number> =>
      outbox.relayBatch(10, async (events) => {
        inside += 1;
        if (inside === 2) bothInside.resolve(undefined);
        await bothInside.promise;
        published.push(...events);
      });
    expect(await Promise.all([relay(), relay()])).toEqual([10, 10]);
    expect(scanIds(published).sort()).toEqual(ids.sort());
    expect(await outbox.relayBatch(10, drop)).toBe(0);
  });

  it('keeps every event of a batch that could not be published', async () => {
    await submit(2);
    const refused = new Error('Redis is away');
    await expect(outbox.relayBatch(10, () => Promise.reject(refused))).rejects.toBe(refused);
    expect(await outbox.relayBatch(10, drop)).toBe(2);
  });

  it('leaves events of queues that only a newer version knows', async () => {
    await test.sql(`INSERT INTO outbox_events (queue, payload) VALUES ('invented-later', '{}')`);
    await submit(1);
    expect(await outbox.relayBatch(10, drop)).toBe(1);
    expect(await test.sql('SELECT queue FROM outbox_events WHERE sent_at IS NULL')).toEqual([
      { queue: 'invented-later' },
    ]);
  });

  it('sets an event aside that no queue would take, with the reason, and goes on', async () => {
    await test.sql(`INSERT INTO outbox_events (queue, payload) VALUES ('scan-site', '{"scanId": "none"}')`);
    const ids = await submit(1);
    const published: OutboxEvent[] = [];
    const publish = collectInto(published);
    expect(await outbox.relayBatch(10, publish)).toBe(1);
    expect(scanIds(published)).toEqual(ids);
    expect(await test.sql('SELECT refused_reason FROM outbox_events WHERE sent_at IS NULL')).toEqual([
      { refused_reason: 'scanId: invalid_format' },
    ]);
    expect(await outbox.oldestUnsentAgeMs()).toBeNull();
  });

  it('knows how long the oldest unsent event has waited', async () => {
    expect(await outbox.oldestUnsentAgeMs()).toBeNull();
    await submit(2);
    expect(await outbox.oldestUnsentAgeMs()).toBeGreaterThanOrEqual(0);
    await outbox.relayBatch(10, drop);
    expect(await outbox.oldestUnsentAgeMs()).toBeNull();
  });

  it('forgets sent events after their time, and never an unsent one', async () => {
    await submit(3);
    await outbox.relayBatch(2, drop);
    expect(await outbox.deleteSentOlderThan(60_000)).toBe(0);
    expect(await outbox.deleteSentOlderThan(0)).toBe(2);
    expect(await outbox.relayBatch(10, drop)).toBe(1);
  });
});

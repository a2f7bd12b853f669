import { scanParamsSchema } from '@cookie-scanner/contracts';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLogger } from '@cookie-scanner/observability';
import {
  notificationRepository,
  type Delivery,
  type NotificationRepository,
} from './notification.repository.ts';
import { openDatabase, type Database } from './open-database.ts';
import { scanRepository } from './scan.repository.ts';
import { createTestDatabase, type TestDatabase } from './testing/create-test-database.ts';

describe('notifications', () => {
  let test: TestDatabase;
  let database: Database;
  let notifications: NotificationRepository;
  let scanId: string;

  beforeAll(async () => {
    test = await createTestDatabase();
    database = openDatabase({ url: test.url, logger: silentLogger });
    notifications = notificationRepository(database);
    const scan = await scanRepository(database).create({
      requestedUrl: 'https://shop.example/',
      params: scanParamsSchema.parse({ mode: 'quick', timeoutMs: 60_000 }),
    });
    scanId = scan.id;
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  const delivery = (change: Partial<Delivery> = {}): Delivery => ({
    eventId: randomUUID(),
    event: 'scan_finished',
    scanId,
    channel: 'email',
    recipient: 'team@example.org',
    subject: 'Scan finished: \0\ud800',
    body: 'Two cookies \0\ud800',
    ...change,
  });

  it('are recorded once per event, channel and recipient, also when claimed at the same moment', async () => {
    const one = delivery();
    const claims = await Promise.all(Array.from({ length: 5 }, () => notifications.claimDelivery(one)));
    expect(new Set(claims.map(({ id }) => id)).size).toBe(1);
    const others = [
      await notifications.claimDelivery({ ...one, channel: 'in_app' }),
      await notifications.claimDelivery({ ...one, recipient: 'other@example.org' }),
      await notifications.claimDelivery({ ...one, eventId: randomUUID() }),
    ];
    expect(new Set([claims[0]?.id, ...others.map(({ id }) => id)]).size).toBe(4);
  });

  it('remember that they were sent, so that a repeated job does not send again', async () => {
    const one = delivery();
    const { id, state } = await notifications.claimDelivery(one);
    expect(state).toBe('pending');
    await notifications.markSent(id);
    await notifications.markFailed(id, 'late');
    expect(await notifications.claimDelivery(one)).toEqual({ id, state: 'sent' });
  });

  it('keep the reason of a failure until they are sent after all', async () => {
    const one = delivery();
    const { id } = await notifications.claimDelivery(one);
    await notifications.markFailed(id, '');
    expect(await notifications.claimDelivery(one)).toEqual({ id, state: 'failed' });
    await notifications.markSent(id);
    expect(await test.sql('SELECT state, failure_reason FROM notifications WHERE id = $1', [id])).toEqual([
      { state: 'sent', failure_reason: null },
    ]);
  });

  it('outlive the scan they tell of', async () => {
    const scan = await scanRepository(database).create({
      requestedUrl: 'https://shop.example/',
      params: scanParamsSchema.parse({ mode: 'quick', timeoutMs: 60_000 }),
    });
    const { id } = await notifications.claimDelivery(delivery({ scanId: scan.id }));
    await test.sql('DELETE FROM scan_results WHERE id = $1', [scan.id]);
    expect(await test.sql('SELECT scan_id FROM notifications WHERE id = $1', [id])).toEqual([
      { scan_id: null },
    ]);
  });

  it('about an unknown scan are refused', async () => {
    await expect(notifications.claimDelivery(delivery({ scanId: randomUUID() }))).rejects.toMatchObject({
      code: 'SCAN_NOT_FOUND',
    });
  });
});

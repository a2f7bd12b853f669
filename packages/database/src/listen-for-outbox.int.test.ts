import { scanParamsSchema } from '@cookie-scanner/contracts';
import { EventEmitter, once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLogger } from '@cookie-scanner/observability';
import { listenForOutbox, type OutboxListener } from './listen-for-outbox.ts';
import { openDatabase, type Database } from './open-database.ts';
import { scanRepository } from './scan.repository.ts';
import { createTestDatabase, type TestDatabase } from './testing/create-test-database.ts';

describe('listening to the outbox', () => {
  let test: TestDatabase;
  let database: Database;
  let listener: OutboxListener;
  const events = new EventEmitter();

  beforeAll(async () => {
    test = await createTestDatabase();
    database = openDatabase({ url: test.url, logger: silentLogger });
  });
  afterEach(() => listener.close());
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  const listen = async (): Promise<void> => {
    listener = listenForOutbox({ url: test.url, onNudge: () => events.emit('nudge'), logger: silentLogger });
    await listener.ready;
  };
  const submit = (): Promise<unknown> =>
    scanRepository(database).create({
      requestedUrl: 'https://shop.example/',
      params: scanParamsSchema.parse({ mode: 'quick', timeoutMs: 60_000 }),
    });
  const nudge = (): Promise<unknown> => once(events, 'nudge', { signal: AbortSignal.timeout(10_000) });

  it('nudges when work is committed', async () => {
    await listen();
    const nudged = nudge();
    await submit();
    await nudged;
  });

  it('does not nudge for work that was rolled back', async () => {
    await listen();
    const seen: string[] = [];
    const onNudge = (): void => void seen.push('nudge');
    events.on('nudge', onNudge);
    const undone = test.sql(`DO $$ BEGIN
      INSERT INTO outbox_events (queue, payload) VALUES ('scan-site', '{}');
      RAISE EXCEPTION 'undone';
    END $$`);
    await expect(undone).rejects.toThrow('undone');
    const nudged = nudge();
    await submit();
    await nudged;
    events.off('nudge', onNudge);
    expect(seen).toEqual(['nudge']);
  });

  it('connects again when PostgreSQL ends its connection, and nudges for what it missed', async () => {
    await listen();
    const back = nudge();
    await test.sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'cookie-scanner-listen' AND datname = current_database()`);
    await back;
    const nudged = nudge();
    await submit();
    await nudged;
  });

  it('keeps trying while the server is away, and stops when closed', async () => {
    const warnings: string[] = [];
    const warn = (message: string): void => {
      warnings.push(message);
      events.emit('warned');
    };
    const failed = once(events, 'warned', { signal: AbortSignal.timeout(10_000) });
    listener = listenForOutbox({
      url: 'postgresql://x@127.0.0.1:1/x',
      onNudge: () => undefined,
      logger: { ...silentLogger, warn },
    });
    await failed;
    await once(events, 'warned', { signal: AbortSignal.timeout(10_000) });
    await listener.close();
    expect(warnings.length).toBeGreaterThanOrEqual(2);
  });
});

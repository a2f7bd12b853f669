import {
  consentStateSchema,
  cookieObservationSchema,
  notificationEventSchema,
  reportFormatSchema,
  reportStateSchema,
  scanStatusSchema,
  setterSchema,
} from '@cookie-scanner/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NotificationChannel, NotificationState } from './notification-states.ts';
import { createTestDatabase, type TestDatabase } from './testing/create-test-database.ts';

const SHA256 = 'ab'.repeat(32);

describe('the tables', () => {
  let test: TestDatabase;

  beforeAll(async () => {
    test = await createTestDatabase();
  });
  afterAll(() => test.drop());

  const insert = async (table: string, row: Record<string, unknown>): Promise<string> => {
    const columns = Object.keys(row);
    const [created] = await test.sql<{ id: string }>(
      `INSERT INTO ${table} (${columns.join()}) VALUES (${columns.map((_, n) => `$${n + 1}`).join()}) RETURNING id`,
      Object.values(row),
    );
    return created?.id ?? '';
  };
  const QUEUED = { requested_url: 'https://shop.example/', params: '{}' };

  describe('of cookies', () => {
    const cookie = async (change: Record<string, unknown> = {}): Promise<Record<string, unknown>> => ({
      scan_id: await insert('scan_results', QUEUED),
      position: 0,
      name: 'session',
      size_bytes: 1,
      domain: 'shop.example',
      host_only: true,
      path: '/',
      http_only: true,
      secure: true,
      same_site: 'Lax',
      party: 'first',
      consent_states: '{untouched}',
      pages: '{}',
      set_by_kind: 'cookie-store',
      set_by_initiators: '{}',
      set_by_confidence: 'unknown',
      events: '[]',
      ...change,
    });
    const list = (length: number): string => `{${Array.from({ length }, (_, n) => n).join()}}`;

    it('hold a cookie of a scan, one per position', async () => {
      const row = await cookie();
      await insert('cookies', row);
      await expect(insert('cookies', row)).rejects.toMatchObject({
        constraint: 'cookies_scan_id_position_key',
      });
    });

    it.each([
      ['of no scan', { scan_id: '11111111-1111-4111-8111-111111111111' }, 'scan_id_fkey'],
      ['before the first position', { position: -1 }, 'position_not_negative'],
      ['of negative size', { size_bytes: -1 }, 'size_not_negative'],
      ['with a value in place of its hash', { value_hash: 'secret' }, 'value_hash_format'],
      ['with an endless name', { name: 'x'.repeat(8_193) }, 'text_lengths'],
      ['with an endless setter', { set_by_url: 'x'.repeat(8_193) }, 'text_lengths'],
      ['with endless pages', { pages: list(201) }, 'list_lengths'],
      ['with endless initiators', { set_by_initiators: list(201) }, 'list_lengths'],
      ['with events that are no list', { events: '{}' }, 'events_is_list'],
      ['with endless events', { events: JSON.stringify(Array(201).fill(0)) }, 'events_is_list'],
    ])('refuse a cookie %s', async (_case, change, constraint) => {
      await expect(insert('cookies', await cookie(change))).rejects.toMatchObject({
        constraint: `cookies_${constraint}`,
      });
    });
  });

  describe('of the outbox', () => {
    const EVENT = { queue: 'scan-site', payload: '{}' };

    it.each([
      ['for a queue with a colon', { ...EVENT, queue: 'scan:site' }, 'queue_format'],
      ['without an object', { ...EVENT, payload: '[]' }, 'payload_is_object'],
      ['with page data', { ...EVENT, payload: JSON.stringify({ html: 'x'.repeat(20_000) }) }, 'payload_size'],
      ['both sent and refused', { ...EVENT, sent_at: '2100-01-01', refused_reason: 'x' }, 'sent_or_refused'],
    ])('refuse an event %s', async (_case, row, constraint) => {
      await expect(insert('outbox_events', row)).rejects.toMatchObject({
        constraint: `outbox_events_${constraint}`,
      });
    });
  });

  describe('of reports', () => {
    const ARTIFACT = { artifact_key: 'x', artifact_sha256: SHA256, artifact_size_bytes: 1 };

    it.each([
      ['ready without a file', { state: 'ready' }, 'ready_has_artifact'],
      ['queued with a file', ARTIFACT, 'ready_has_artifact'],
      ['with half a file', { ...ARTIFACT, state: 'ready', artifact_sha256: null }, 'artifact_is_whole'],
      ['with another hash', { ...ARTIFACT, state: 'ready', artifact_sha256: 'x' }, 'artifact_sha256_format'],
      [
        'of negative size',
        { ...ARTIFACT, state: 'ready', artifact_size_bytes: -1 },
        'artifact_size_not_negative',
      ],
      ['failed without a reason', { state: 'failed' }, 'failed_has_reason'],
      ['failed for an empty reason', { state: 'failed', failure_reason: '' }, 'reason_length'],
    ])('refuse a report %s', async (_case, change, constraint) => {
      const row = { scan_id: await insert('scan_results', QUEUED), format: 'html', ...change };
      await expect(insert('reports', row)).rejects.toMatchObject({ constraint: `reports_${constraint}` });
    });
  });

  describe('of notifications', () => {
    const NOTICE = {
      event_id: '11111111-1111-4111-8111-111111111111',
      event: 'scan_finished',
      channel: 'email',
      recipient: 'team@example.org',
      subject: 'x',
      body: '',
    };

    it.each([
      ['to nobody', { recipient: '' }, 'recipient_length'],
      ['with an endless subject', { subject: 'x'.repeat(999) }, 'subject_length'],
      ['with an endless body', { body: 'x'.repeat(1_048_577) }, 'body_size'],
      ['sent at no time', { state: 'sent' }, 'sent_has_time'],
      ['failed without a reason', { state: 'failed' }, 'failed_has_reason'],
      ['failed for an empty reason', { state: 'failed', failure_reason: '' }, 'reason_length'],
    ])('refuse a notification %s', async (_case, change, constraint) => {
      await expect(insert('notifications', { ...NOTICE, ...change })).rejects.toMatchObject({
        constraint: `notifications_${constraint}`,
      });
    });
  });

  it('keep created_at and updated_at themselves, whatever an update says', async () => {
    const tables = await test.sql<{ table_name: string }>(
      `SELECT table_name FROM information_schema.tables
        WHERE table_schema = 'public' AND table_name <> '_prisma_migrations' ORDER BY 1`,
    );
    const names = tables.map(({ table_name }) => table_name);
    expect(names).toEqual(['cookies', 'notifications', 'outbox_events', 'reports', 'scan_results']);
    const triggers = await test.sql<{ name: string }>(
      `SELECT tgrelid::regclass::text AS name FROM pg_trigger WHERE tgname = 'keep_timestamps' ORDER BY 1`,
    );
    expect(triggers.map(({ name }) => name)).toEqual(names);

    const id = await insert('scan_results', {
      ...QUEUED,
      created_at: '2000-01-01',
      updated_at: '2000-01-01',
    });
    await test.sql(`UPDATE scan_results SET created_at = now(), updated_at = '1999-01-01' WHERE id = $1`, [
      id,
    ]);
    expect(
      await test.sql(
        `SELECT created_at = '2000-01-01' AS kept, updated_at > '2020-01-01' AS moved FROM scan_results WHERE id = $1`,
        [id],
      ),
    ).toEqual([{ kept: true, moved: true }]);
  });

  it('use exactly the words of the contracts', async () => {
    const channels: Record<NotificationChannel, true> = { in_app: true, email: true };
    const states: Record<NotificationState, true> = { pending: true, sent: true, failed: true };
    const rows = await test.sql<{ name: string; words: string[] }>(
      `SELECT typname AS name, array_agg(enumlabel::text ORDER BY enumsortorder) AS words
         FROM pg_enum JOIN pg_type ON pg_type.oid = enumtypid GROUP BY typname`,
    );
    expect(Object.fromEntries(rows.map(({ name, words }) => [name, words]))).toEqual({
      scan_status: scanStatusSchema.options,
      consent_state: consentStateSchema.options,
      cookie_same_site: cookieObservationSchema.shape.sameSite.options,
      cookie_party: cookieObservationSchema.shape.party.options,
      setter_kind: setterSchema.shape.kind.options,
      setter_confidence: setterSchema.shape.confidence.options,
      report_format: reportFormatSchema.options,
      report_state: reportStateSchema.options,
      notification_event: notificationEventSchema.options,
      notification_channel: Object.keys(channels),
      notification_state: Object.keys(states),
    });
  });
});

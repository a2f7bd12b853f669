import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { keysOfEncryptionKey } from '@cookie-scanner/auth';
import { savedObservation } from '@cookie-scanner/analysis/testing';
import {
  scanParamsSchema,
  type ScanTotals,
  type SendNotificationJob,
  sendAccountMailQueue,
  sendAccountNoticeQueue,
  type SendAccountNoticeJob,
  sendNotificationQueue,
} from '@cookie-scanner/contracts';
import {
  accountMailRepository,
  accountNoticeRepository,
  notificationRepository,
  openDatabase,
  reportRepository,
  scanRepository,
  webhookOutboundRepository,
  type Database,
} from '@cookie-scanner/database';
import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { createMetrics, silentLogger } from '@cookie-scanner/observability';
import { createProducer, openQueueForBoard } from '@cookie-scanner/queues';
import { openRedis } from '@cookie-scanner/redis';
import { testRedis } from '@cookie-scanner/redis/testing';
import { startConsumers } from './consumers.ts';
import { createMailer } from './mail/mailer.ts';
import { openSmtpSink, type SmtpSink } from './mail/smtp-sink.test.fixture.ts';

const ENCRYPTION_KEY = 'a secret for tests of more than 32 characters';
/** Of gateway and notifier in tests. */
export const TEST_KEYS = keysOfEncryptionKey(ENCRYPTION_KEY);

const TOTALS: ScanTotals = {
  ...{ cookies: 12, firstPartyCookies: 8, thirdPartyCookies: 4, transientCookies: 1, blockedCookies: 2 },
  ...{ storageItems: 5, requests: 58, thirdPartyRequests: 21, hosts: 9, pages: 1 },
};

/** A row of `notifications`, as far as tests look at it. */
interface NotificationRow {
  readonly [column: string]: unknown;
  readonly channel: string;
  readonly recipient: string;
  readonly state: string;
  readonly failure_reason: string | null;
}

/** The notifier at work, with a database, a queue and a mail server of its own. */
export interface PlatformUnderTest {
  readonly smtp: SmtpSink;
  readonly database: TestDatabase;
  /** The same, for repositories. */
  readonly pool: Database;
  /** A finished scan whose reports are ready; returns the event that tells of it. */
  finishScan(): Promise<SendNotificationJob>;
  /** A member of the workspace of the event's scan, with their choices for `scan_finished`. */
  addMember(
    event: SendNotificationJob,
    choices: Readonly<Partial<Record<'in_app' | 'email', boolean>>>,
    state?: 'active' | 'disabled',
  ): Promise<{ id: string; email: string }>;
  removeMembers(): Promise<void>;
  /** Hands the event over, once per job id; attempts follow one another at once. */
  announce(event: SendNotificationJob, options?: { jobId?: string; attempts?: number }): Promise<void>;
  /** Hands over the job that mails a link; the id of the job. */
  announceLink(userTokenId: string): Promise<string>;
  /** Hands over the job that tells somebody of their account; the id of the job. */
  announceNotice(notice: SendAccountNoticeJob): Promise<string>;
  /** Waits until the job is in this state. The test's own timeout is the deadline. */
  untilState(
    jobId: string,
    state: 'completed' | 'failed',
    queue?: 'send-notification' | 'send-account-mail' | 'send-account-notice',
  ): Promise<void>;
  /** What is recorded about an event, in order of channel and recipient. */
  rowsOf(event: SendNotificationJob): Promise<NotificationRow[]>;
  close(): Promise<void>;
}

/** @param recipients - of mails; null for an installation without a mail server */
export async function openPlatform(recipients: readonly string[] | null): Promise<PlatformUnderTest> {
  const database = await createTestDatabase();
  const corner = testRedis();
  const smtp = await openSmtpSink();
  const pool = openDatabase({ url: database.url, logger: silentLogger });
  const redis = openRedis({ ...corner, logger: silentLogger });
  const location = { connection: redis.connection('failFast'), prefix: corner.prefix };
  const boards = {
    'send-notification': openQueueForBoard(sendNotificationQueue, location),
    'send-account-mail': openQueueForBoard(sendAccountMailQueue, location),
    'send-account-notice': openQueueForBoard(sendAccountNoticeQueue, location),
  };
  const consumers = startConsumers({
    scans: scanRepository(pool),
    notifications: notificationRepository(pool),
    accountMails: accountMailRepository(pool),
    accountNotices: accountNoticeRepository(pool),
    webhooks: webhookOutboundRepository(pool),
    keys: TEST_KEYS,
    ...{ publicUrl: 'https://scanner.example', redis, logger: silentLogger },
    mail: recipients && { mailer: createMailer({ url: smtp.url, from: 'scanner@example.net' }), recipients },
    concurrency: 4,
    metrics: createMetrics('notifier'),
    timing: { pollIntervalMs: 1_000 },
  });

  return {
    smtp,
    database,
    pool,
    finishScan: () => finishScan(database, pool),
    async addMember({ scanId }, choices, state = 'active') {
      const id = randomUUID();
      const email = `${id}@example.org`;
      await database.sql(
        `INSERT INTO users (id, email, display_name, state) VALUES ($1, $2, 'Ada', $3::user_state)`,
        [id, email, state],
      );
      await database.sql(
        `INSERT INTO workspace_members (workspace_id, user_id, role)
         SELECT workspace_id, $2, 'Viewer' FROM scan_results WHERE id = $1`,
        [scanId, id],
      );
      for (const [channel, isEnabled] of Object.entries(choices)) {
        await database.sql(
          `INSERT INTO notification_preferences (user_id, event, channel, is_enabled)
           VALUES ($1, 'scan_finished', $2::notification_channel, $3)`,
          [id, channel, isEnabled],
        );
      }
      return { id, email };
    },
    removeMembers: async () => void (await database.sql('DELETE FROM workspace_members')),
    async announce(event, { jobId = `notify-${event.eventId}`, attempts = 3 } = {}) {
      const contract = { ...sendNotificationQueue, jobId: () => jobId, attempts, backoffMs: 10 };
      const producer = createProducer(contract, location);
      await producer.enqueue(event);
      await producer.close();
    },
    async announceLink(userTokenId) {
      const producer = createProducer({ ...sendAccountMailQueue, backoffMs: 10 }, location);
      await producer.enqueue({ userTokenId });
      await producer.close();
      return sendAccountMailQueue.jobId({ userTokenId });
    },
    async announceNotice(notice) {
      const producer = createProducer({ ...sendAccountNoticeQueue, backoffMs: 10 }, location);
      await producer.enqueue(notice);
      await producer.close();
      return sendAccountNoticeQueue.jobId(notice);
    },
    async untilState(jobId, state, queue = 'send-notification') {
      while ((await boards[queue].getJobState(jobId)) !== state) await delay(20);
    },
    rowsOf: ({ eventId }) =>
      database.sql<NotificationRow>(
        `SELECT id, user_id, channel::text, recipient, state::text, failure_reason FROM notifications
          WHERE event_id = $1 ORDER BY channel, recipient`,
        [eventId],
      ),
    async close() {
      await Promise.all(consumers.map((consumer) => consumer.close(0)));
      await Promise.all(Object.values(boards).map((board) => board.close()));
      await redis.close();
      await pool.close();
      await Promise.all([database.drop(), corner.cleanup(), smtp.close()]);
    },
  };
}

/** Plays worker and report service on the database, and reads from the outbox what they leave for the notifier. */
async function finishScan(database: TestDatabase, pool: Database): Promise<SendNotificationJob> {
  const scans = scanRepository(pool);
  const reports = reportRepository(pool);
  const params = scanParamsSchema.parse({ mode: 'quick', timeoutMs: 60_000 });
  const { id } = await scans.create({ requestedUrl: 'https://lumen-garden.example', params });
  const claim = await scans.claim(id, { workerId: 'w1', leaseMs: 60_000, attemptsMax: 3 });
  if (claim.kind !== 'claimed') throw new Error('a new scan could not be claimed');
  const { attempt } = claim;
  const artifact = { key: `scans/${id}/observation.json.gz`, sha256: 'ab'.repeat(32), sizeBytes: 1 };
  const observation = savedObservation('shop');
  await scans.finish(id, {
    ...{ attempt, workerId: 'w1', observation, totals: TOTALS, artifact, valuesKept: false },
  });

  await reports.createForScan(id, ['html', 'json']);
  for (const format of ['html', 'json'] as const) {
    const report = await reports.findByScan(id, format);
    if (report) await reports.markReady(report.id, { artifact });
  }
  const events = await database.sql<{ payload: unknown }>(
    `SELECT payload FROM outbox_events WHERE queue = 'send-notification' AND payload->>'scanId' = $1`,
    [id],
  );
  if (events.length !== 1) throw new Error(`expected one event, found ${events.length}`);
  return sendNotificationQueue.payload.parse(events[0]?.payload);
}

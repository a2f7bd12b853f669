import { randomUUID } from 'node:crypto';
import {
  scanProgressSchema,
  scanResultSchema,
  type ScanProgress,
  type ScanStage,
  scanParamsSchema,
} from '@cookie-scanner/contracts';
import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { startTestRedisServer, testRedis, type TestRedisServer } from '@cookie-scanner/redis/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { buildReport, claimScan, finishScan } from './testing/play-worker.ts';
import { problemBody } from './testing/problem-body.ts';
import { openSocket, readToEnd, sendRaw } from './testing/raw-http.ts';
import { readEvents, type ReceivedEvent } from './testing/read-events.ts';
import { startTestGateway, type TestGateway } from './testing/start-test-gateway.ts';

const redis = testRedis();
let database: TestDatabase;
let gateway: TestGateway;
let scanId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  const events = { heartbeatMs: 100, streamsMax: 2 };
  gateway = await startTestGateway({ databaseUrl: database.url, redis, events });
});
afterAll(async () => {
  await gateway.close();
  await database.drop();
  await redis.cleanup();
});
beforeEach(async () => {
  const params = scanParamsSchema.parse({ mode: 'quick', timeoutMs: 60_000 });
  scanId = (await gateway.scans.create({ requestedUrl: 'https://shop.example/', params })).id;
});

const progress = (stage: ScanStage, attempt: number, cookiesSeen = 0): ScanProgress => ({
  scanId,
  stage,
  attempt,
  pagesDone: 0,
  pagesKnown: 1,
  consentState: null,
  cookiesSeen,
  at: new Date().toISOString(),
});

/** Watches the scan; `until` waits for an event, `rest` for the end of the stream. */
async function watch(at = gateway, headers: Record<string, string> = {}) {
  const client = new AbortController();
  const response = await at.fetch(`/scans/${scanId}/events`, { headers, signal: client.signal });
  const events = response.status === 200 ? readEvents(response) : null;
  const seen: ReceivedEvent[] = [];
  return {
    response,
    seen,
    leave: () => client.abort(),
    async until(isIt: (event: ReceivedEvent) => boolean): Promise<ReceivedEvent> {
      for (;;) {
        const next = await events?.next();
        if (!next || next.done === true) throw new Error('the stream ended before');
        seen.push(next.value);
        if (isIt(next.value)) return next.value;
      }
    },
    async rest(): Promise<ReceivedEvent[]> {
      if (events) for await (const event of events) seen.push(event);
      return seen.filter(({ name }) => name !== 'comment');
    },
  };
}

const isStage = (stage: ScanStage) => (event: ReceivedEvent) =>
  event.name === 'progress' && scanProgressSchema.parse(event.data).stage === stage;

describe('watching a scan', () => {
  it('shows where it stands, then each sign of life, then the result once its reports are done', async () => {
    const watched = await watch();
    expect(watched.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(watched.response.headers.get('cache-control')).toBe('no-store, no-transform');
    await watched.until(isStage('queued'));
    const attempt = await claimScan(gateway, scanId);
    await gateway.progress.publish(progress('navigating', attempt));
    await watched.until(isStage('navigating'));
    await finishScan(gateway, scanId, attempt, ['a', 'b']);
    await watched.until(isStage('finished'));
    await buildReport(gateway, scanId, 'html', 'x');
    await buildReport(gateway, scanId, 'json', '{}');

    const events = await watched.rest();
    const last = events.at(-1);
    expect(last).toMatchObject({ name: 'finished', id: 'finished' });
    expect(scanResultSchema.parse(last?.data)).toMatchObject({
      id: scanId,
      status: 'success',
      totals: { cookies: 2 },
      reports: [{ state: 'ready' }, { state: 'ready' }],
    });
  });

  it('goes on where a client left off, and says nothing twice', async () => {
    const attempt = await claimScan(gateway, scanId);
    const before = await watch();
    await before.until(isStage('claimed'));
    await gateway.progress.publish(progress('settling', attempt, 3));
    const { id } = await before.until(isStage('settling'));
    before.leave();

    const after = await watch(gateway, { 'Last-Event-ID': id ?? '' });
    await after.until(({ name }) => name === 'comment');
    for (const stage of ['navigating', 'settling', 'leaving'] as const) {
      await gateway.progress.publish(progress(stage, attempt, 3));
    }
    await after.until(isStage('leaving'));
    after.leave();
    expect(after.seen.filter(({ name }) => name === 'progress')).toHaveLength(1);
  });

  it('does not finish while a report is missing, and does when one has failed', async () => {
    const watched = await watch();
    await finishScan(gateway, scanId, await claimScan(gateway, scanId));
    await watched.until(isStage('finished'));
    await watched.until(({ name }) => name === 'comment');
    await buildReport(gateway, scanId, 'html', 'x');
    await watched.until(({ name }) => name === 'comment');
    expect(watched.seen.some(({ name }) => name === 'finished')).toBe(false);
    const report = await gateway.reports.findByScan(scanId, 'json');
    await gateway.reports.markFailed(report?.id ?? '', 'disk full');
    expect((await watched.rest()).at(-1)?.name).toBe('finished');
  });

  it('finishes at once for a scan that ended without anything to report on', async () => {
    const attempt = await claimScan(gateway, scanId);
    await gateway.scans.finishWithoutResult(scanId, {
      attempt,
      status: 'failed',
      statusReason: 'worker_crashed',
    });
    const events = await (await watch()).rest();
    expect(events.map(({ name }) => name)).toEqual(['progress', 'finished']);
    expect(events[1]?.data).toMatchObject({ status: 'failed', statusReason: 'worker_crashed' });
  });

  it('never goes back within an attempt and says nothing twice, but shows a new attempt from its start', async () => {
    const watched = await watch();
    await watched.until(isStage('queued'));
    await claimScan(gateway, scanId);
    for (const sign of [
      progress('settling', 1),
      progress('settling', 1),
      progress('navigating', 1),
      progress('settling', 1, 3),
    ]) {
      await gateway.progress.publish(sign);
    }
    await watched.until(
      (event) => isStage('settling')(event) && scanProgressSchema.parse(event.data).cookiesSeen === 3,
    );
    await gateway.scans.releaseClaim(scanId, { attempt: 1 });
    await watched.until(isStage('queued'));
    await claimScan(gateway, scanId);
    await watched.until(isStage('claimed'));
    watched.leave();

    const stages = watched.seen
      .filter(({ name }) => name === 'progress')
      .map(({ data }) => scanProgressSchema.parse(data))
      .map(({ stage, attempt }) => `${stage} ${attempt}`);
    expect(stages.filter((stage) => stage !== 'claimed 1')).toEqual([
      'queued 0',
      'settling 1',
      'settling 1',
      'queued 1',
      'claimed 2',
    ]);
  });

  it('shows a sign of life to proxies while nothing happens', async () => {
    const watched = await watch();
    await watched.until(({ name }) => name === 'comment');
    watched.leave();
  });

  it('tells a client that has seen the end not to come back', async () => {
    const watched = await watch(gateway, { 'Last-Event-ID': 'finished' });
    expect(watched.response.status).toBe(204);
  });

  it('answers 404 as a problem when there is no such scan', async () => {
    const response = await gateway.fetch(`/scans/${randomUUID()}/events`);
    expect(problemBody(await response.text()).code).toBe('SCAN_NOT_FOUND');
  });

  it('does not open a stream for HEAD', async () => {
    const answer = await sendRaw(gateway, { method: 'HEAD', path: `/api/v1/scans/${scanId}/events` });
    expect([answer.status, answer.body]).toEqual([200, '']);
  });

  it('refuses more streams than it may hold, and has room again when a client leaves', async () => {
    const [first, second] = [await watch(), await watch()];
    const third = await watch();
    expect(third.response.status).toBe(503);
    expect(third.response.headers.get('retry-after')).not.toBeNull();
    expect(problemBody(await third.response.text()).code).toBe('TOO_MANY_STREAMS');
    first.leave();
    let again = await watch();
    while (again.response.status === 503) again = await watch();
    expect(again.response.status).toBe(200);
    second.leave();
    again.leave();
  });

  it('asks the database no more once the client is gone', async () => {
    const own = await startTestGateway({ databaseUrl: database.url, redis });
    const socket = await openSocket(own.port);
    socket.write(
      `GET /api/v1/scans/${scanId}/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${own.apiKey}\r\n\r\n`,
    );
    await new Promise((resolve) => socket.once('data', resolve));
    socket.destroy();
    // Closing waits for every open answer, so it ends only when the stream has been cleaned up.
    await expect(own.close()).resolves.toBeUndefined();
  });

  it('ends its streams when the gateway stops', async () => {
    const own = await startTestGateway({ databaseUrl: database.url, redis });
    const socket = await openSocket(own.port);
    socket.write(
      `GET /api/v1/scans/${scanId}/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${own.apiKey}\r\n\r\n`,
    );
    await new Promise((resolve) => socket.once('data', resolve));
    const ended = readToEnd(socket);
    await own.close();
    await ended;
  });
});

describe('watching a scan without Redis', () => {
  let server: TestRedisServer;
  let own: TestGateway;

  beforeAll(async () => {
    server = await startTestRedisServer();
    own = await startTestGateway({ databaseUrl: database.url, redis: { url: server.url, prefix: 'test' } });
  });
  afterAll(async () => {
    await own.close();
    await server.close();
  });

  it('still shows what the database knows, down to the result', async () => {
    await server.kill();
    const watched = await watch(own);
    await watched.until(isStage('queued'));
    const attempt = await claimScan(own, scanId);
    await watched.until(isStage('claimed'));
    await finishScan(own, scanId, attempt);
    await buildReport(own, scanId, 'html', 'x');
    await buildReport(own, scanId, 'json', '{}');
    expect((await watched.rest()).at(-1)).toMatchObject({ name: 'finished', data: { status: 'success' } });
  });

  it('shows signs of life again when Redis is back', async () => {
    await server.kill();
    const watched = await watch(own);
    await watched.until(isStage('queued'));
    const attempt = await claimScan(own, scanId);
    await server.start();
    const publishing = setInterval(() => void own.progress.publish(progress('navigating', attempt)), 100);
    await watched.until(isStage('navigating'));
    clearInterval(publishing);
    watched.leave();
  });
});

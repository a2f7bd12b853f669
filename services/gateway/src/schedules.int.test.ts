import {
  schedulePageSchema,
  schedulePreviewSchema,
  scheduleSchema,
  type Schedule,
} from '@cookie-scanner/contracts';
import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { testRedis } from '@cookie-scanner/redis/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { problemBody } from './testing/problem-body.ts';
import { startTestGateway, type TestGateway } from './testing/start-test-gateway.ts';

const NOBODY = '00000000-0000-4000-8000-00000000dead';
const DAILY = { frequency: 'daily', timeOfDay: '06:30' };

const redis = testRedis();
let database: TestDatabase;
let gateway: TestGateway;
let profileId: string;
let domainId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  gateway = await startTestGateway({ databaseUrl: database.url, redis });
  [{ id: profileId } = { id: '' }] = await database.sql<{ id: string }>(
    `INSERT INTO scan_profiles (workspace_id, slug, name, params) SELECT id, 'ours', 'Ours', '{}' FROM workspaces LIMIT 1
     RETURNING id`,
  );
  [{ id: domainId } = { id: '' }] = await database.sql<{ id: string }>(
    `INSERT INTO domain_configs (workspace_id, domain, labels)
     SELECT workspace_id, 'shop.example', '{shop}' FROM scan_profiles WHERE id = $1 RETURNING id`,
    [profileId],
  );
});
afterAll(async () => {
  await gateway.close();
  await database.drop();
  await redis.cleanup();
});
beforeEach(() => database.sql('DELETE FROM schedules'));

async function send(method: string, path: string, body?: unknown) {
  const anyState = method === 'PATCH' ? { 'If-Match': '*' } : undefined;
  const response = await gateway.fetch(path, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json', ...anyState } }),
  });
  const text = await response.text();
  return {
    status: response.status,
    problem: response.ok ? null : problemBody(text),
    body: text === '' ? null : (JSON.parse(text) as unknown),
  };
}

const wanted = (change: Record<string, unknown> = {}): Record<string, unknown> => ({
  name: 'Every morning',
  timing: DAILY,
  timeZone: 'Europe/Berlin',
  profileId,
  target: { kind: 'domains', domainIds: [domainId] },
  ...change,
});

async function made(change: Record<string, unknown> = {}): Promise<Schedule> {
  const { status, body } = await send('POST', '/schedules', wanted(change));
  expect(status).toBe(201);
  return scheduleSchema.parse(body);
}

describe('a schedule', () => {
  it('is made, listed, shown, changed and deleted, and the audit log knows it', async () => {
    const schedule = await made();
    const { id } = schedule;
    expect(schedule).toMatchObject({
      state: 'active',
      nextRunAt: schedule.nextPlannedAt,
      misfirePolicy: 'run_once',
    });
    expect(new Date(schedule.nextRunAt ?? 0).getTime()).toBeGreaterThan(Date.now());
    expect((await send('GET', `/schedules/${id}`)).body).toEqual(schedule);
    const renamed = await send('PATCH', `/schedules/${id}`, { name: 'Größe', overlapPolicy: 'allow' });
    expect(renamed.body).toMatchObject({
      name: 'Größe',
      overlapPolicy: 'allow',
      nextRunAt: schedule.nextRunAt,
    });
    const { items } = schedulePageSchema.parse((await send('GET', '/schedules')).body);
    expect(items.map(({ name }) => name)).toEqual(['Größe']);
    expect((await send('DELETE', `/schedules/${id}`)).status).toBe(204);
    expect((await send('GET', `/schedules/${id}`)).problem).toMatchObject({
      status: 404,
      code: 'SCHEDULE_NOT_FOUND',
    });
    const log = await database.sql<{ action: string }>(
      'SELECT action FROM audit_logs WHERE target_id = $1 ORDER BY sequence',
      [id],
    );
    expect(log.map(({ action }) => action)).toEqual([
      'schedule.create',
      'schedule.update',
      'schedule.delete',
    ]);
  });

  it('is not changed by somebody who has seen another state of it', async () => {
    const { id } = await made();
    const change = (headers: Record<string, string>) =>
      gateway.fetch(`/schedules/${id}`, {
        method: 'PATCH',
        body: '{"name":"New"}',
        headers: { 'Content-Type': 'application/json', ...headers },
      });
    expect((await change({})).status).toBe(428);
    expect((await change({ 'If-Match': '"old"' })).status).toBe(412);
    const tag = (await gateway.fetch(`/schedules/${id}`)).headers.get('etag') ?? '';
    expect((await change({ 'If-Match': tag })).status).toBe(200);
  });

  it('is paused, resumed, and planned anew when its time changes', async () => {
    const { id } = await made();
    expect((await send('POST', `/schedules/${id}/pause`)).body).toMatchObject({
      state: 'paused',
      nextRunAt: null,
    });
    expect(
      (await send('PATCH', `/schedules/${id}`, { timing: { ...DAILY, timeOfDay: '07:45' } })).body,
    ).toMatchObject({
      state: 'paused',
      nextRunAt: null,
    });
    const resumed = scheduleSchema.parse((await send('POST', `/schedules/${id}/resume`)).body);
    expect(resumed).toMatchObject({ state: 'active', nextRunAt: expect.stringContaining(':45:00.000Z') });
    const retimed = await send('PATCH', `/schedules/${id}`, {
      timing: { frequency: 'once', at: '2199-01-01T00:00:00Z' },
    });
    expect(retimed.body).toMatchObject({ nextRunAt: '2199-01-01T00:00:00.000Z' });
  });

  it('shows its next ten runs, also before it is made', async () => {
    const schedule = await made({ jitterMs: 3_600_000 });
    const { items } = schedulePreviewSchema.parse(
      (await send('GET', `/schedules/${schedule.id}/preview`)).body,
    );
    expect(items).toHaveLength(10);
    expect(items[0]).toEqual({ plannedAt: schedule.nextPlannedAt, beginsAt: schedule.nextRunAt });
    const draft = { timing: { frequency: 'once', at: '2199-01-01T00:00:00Z' }, timeZone: 'UTC' };
    const at = '2199-01-01T00:00:00.000Z';
    expect((await send('POST', '/schedules/preview', draft)).body).toEqual({
      items: [{ plannedAt: at, beginsAt: at }],
    });
  });

  it('runs now when told to, once at a time, and shows what came of it', async () => {
    const { id } = await made();
    expect(await send('POST', `/schedules/${id}/run`)).toMatchObject({
      status: 202,
      body: { status: 'running', scansPlanned: 1 },
    });
    expect((await send('POST', `/schedules/${id}/run`)).problem).toMatchObject({
      status: 409,
      code: 'CONFLICT',
    });
    expect((await send('GET', `/schedules/${id}/runs`)).body).toMatchObject({
      items: [{ scheduleId: id }],
      nextCursor: null,
    });
    expect(await database.sql(`SELECT requested_url, trigger::text FROM scan_results`)).toEqual([
      { requested_url: 'https://shop.example/', trigger: 'schedule' },
    ]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    [
      'a cron of seconds',
      { timing: { frequency: 'cron', expression: '* * * * * *' } },
      '#/timing/expression',
    ],
    [
      'a cron of every minute',
      { timing: { frequency: 'cron', expression: '*/1 * * * *' } },
      '#/timing/expression',
    ],
    [
      'a cron out of range',
      { timing: { frequency: 'cron', expression: '99 99 * * *' } },
      '#/timing/expression',
    ],
    ['February 30', { timing: { frequency: 'cron', expression: '0 0 30 2 *' } }, '#/timing/expression'],
    ['an empty cron', { timing: { frequency: 'cron', expression: '' } }, '#/timing/expression'],
    [
      'an endless cron',
      { timing: { frequency: 'cron', expression: '0 '.repeat(500) } },
      '#/timing/expression',
    ],
    ['a word for a cron', { timing: { frequency: 'cron', expression: '@reboot' } }, '#/timing/expression'],
    ['a zone on Mars', { timeZone: 'Mars/X' }, '#/timeZone'],
    ['an offset', { timeZone: 'UTC+25' }, '#/timeZone'],
    ['no zone', { timeZone: '' }, '#/timeZone'],
    [
      'an end before the start',
      { startsAt: '2199-02-01T00:00:00Z', endsAt: '2199-01-01T00:00:00Z' },
      '#/endsAt',
    ],
    ...[0, -1, 1, 1e15].map(
      (everyMs) =>
        [
          `an interval of ${everyMs} ms`,
          { timing: { frequency: 'interval', everyMs } },
          '#/timing/everyMs',
        ] as [string, Record<string, unknown>, string],
    ),
    ['a time in the past', { timing: { frequency: 'once', at: '2020-01-01T00:00:00Z' } }, '#/timing'],
    ['an end in the past', { endsAt: '2020-01-01T00:00:00Z' }, '#/timing'],
    ['an unknown profile', { profileId: NOBODY }, '#/profileId'],
    ['an unknown site', { target: { kind: 'domains', domainIds: [NOBODY] } }, '#/target/domainIds/0'],
    ['something unknown', { every: 'day' }, '#'],
  ])('is refused with %s', async (_what, change, pointer) => {
    const { problem } = await send('POST', '/schedules', wanted(change));
    expect(problem).toMatchObject({ status: 422, code: 'INPUT_INVALID', errors: [{ pointer }] });
  });

  it('is refused beyond 500 in a workspace', async () => {
    await made();
    await database.sql(
      `INSERT INTO schedules (workspace_id, profile_id, name, labels, frequency, timing, state)
       SELECT workspace_id, profile_id, name, '{x}', frequency, timing, 'paused' FROM schedules, generate_series(1, 499)`,
    );
    expect((await send('POST', '/schedules', wanted())).problem).toMatchObject({
      status: 403,
      code: 'QUOTA_EXCEEDED',
    });
  });
});

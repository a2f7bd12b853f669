import { randomUUID } from 'node:crypto';
import {
  queueSummarySchema,
  scanPageSchema,
  scanResultSchema,
  scanWeightSchema,
  workerListSchema,
} from '@cookie-scanner/contracts';
import { outboxRepository, workerRepository } from '@cookie-scanner/database';
import { beforeAll, expect, it } from '@jest/globals';
import { problemBody } from './testing/problem-body.ts';
import { readEvents } from './testing/read-events.ts';
import { bearer, testAccounts } from './testing/test-accounts.ts';
import { useTestGateway } from './testing/use-test-gateway.ts';

const used = useTestGateway();
let operator: Record<string, string>;

beforeAll(async () => {
  const accounts = testAccounts(used.gateway, used.database);
  operator = bearer(await accounts.signIn(await accounts.addPerson(['Admin'])));
});

const json = (body: unknown, headers: Record<string, string> = {}) => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

/** Hands over what waits in the outbox, as the scheduler does. */
const relay = () => outboxRepository(used.gateway.database).relayBatch(100, () => Promise.resolve());

it('a scan whose labels no worker has says so wherever it is shown, until a worker comes', async () => {
  const { gateway } = used;
  const submitted = await gateway.fetch(
    '/scans',
    json({ url: 'https://shop.example/', workerLabels: ['zone=lab', 'region=eu'] }),
  );
  const { id, params } = scanResultSchema.parse(await submitted.json());
  expect(params.workerLabels).toEqual(['region=eu', 'zone=lab']);
  await relay();

  const waits = { labels: ['region=eu', 'zone=lab'], since: expect.any(String) as unknown };
  const show = async () => scanResultSchema.parse(await (await gateway.fetch(`/scans/${id}`)).json());
  expect(await show()).toMatchObject({ waitsForWorker: waits });
  const { items } = scanPageSchema.parse(await (await gateway.fetch('/scans')).json());
  expect(items.find((scan) => scan.id === id)).toMatchObject({ waitsForWorker: waits });
  const stream = await gateway.fetch(`/scans/${id}/events`);
  const events = readEvents(stream);
  expect((await events.next()).value).toMatchObject({ data: { stage: 'queued', waitsForWorker: waits } });
  const summary = async () => {
    const answer = await gateway.fetch('/queues', { headers: operator });
    const { pools } = queueSummarySchema.parse(await answer.json());
    return pools.find(({ labels }) => labels.length === 2);
  };
  expect(await summary()).toMatchObject({ workers: 0, waiting: 1, missingSince: waits.since });

  const worker = { name: 'w-1', version: '1.0.0', slots: 2, running: 0 };
  const workers = workerRepository(gateway.database);
  await workers.announce({ ...worker, labels: ['phone', 'region=eu', 'zone=lab'] });
  await gateway.scans.checkPools(100);
  expect(await show()).toMatchObject({ waitsForWorker: null });
  const next: unknown = (await events.next()).value;
  expect(next).toMatchObject({ data: { stage: 'queued' } });
  expect(JSON.stringify(next)).not.toContain('waitsForWorker');
  await events.return(undefined);
  expect(await summary()).toMatchObject({ workers: 1, missingSince: null });

  const listed = await gateway.fetch('/workers', { headers: operator });
  expect(workerListSchema.parse(await listed.json()).items).toMatchObject([
    { ...worker, labels: ['phone', 'region=eu', 'zone=lab'], isAlive: true },
  ]);
  expect((await gateway.fetch('/workers')).status).toBe(403);
});

it('profiles and batches ask for labels too, and labels that are none are refused', async () => {
  const { gateway } = used;
  const profile = await gateway.fetch(
    '/profiles',
    json({ name: 'In the lab', params: { workerLabels: ['zone=lab'] } }),
  );
  const { id: profileId } = (await profile.json()) as { id: string };
  const bulk = await gateway.fetch('/scans/bulk', json({ urls: ['https://a.example/'], profileId }));
  const { batch } = (await bulk.json()) as { batch: { id: string } };
  const rows = await used.database.sql('SELECT worker_labels FROM scan_results WHERE batch_id = $1', [
    batch.id,
  ]);
  expect(rows).toEqual([{ worker_labels: ['zone=lab'] }]);

  for (const workerLabels of [['Region=EU'], ['a', 'a'], ['a', 'b', 'c', 'd'], [''], 'region=eu', ['a:b']]) {
    const refused = await gateway.fetch('/scans', json({ url: 'https://shop.example/', workerLabels }));
    expect(problemBody(await refused.text())).toMatchObject({ code: 'INPUT_INVALID' });
  }
});

it('Admins of the platform say how many turns the scans of a workspace get, and it is recorded', async () => {
  const { gateway } = used;
  const [workspace] = await used.database.sql<{ id: string }>('SELECT id FROM workspaces LIMIT 1');
  const path = `/workspaces/${workspace?.id}/scan-weight`;
  const shown = await gateway.fetch(path, { headers: operator });
  expect(scanWeightSchema.parse(await shown.json()).weight).toBe(1);
  const tag = shown.headers.get('etag') ?? '';
  const put = (weight: number, headers: Record<string, string>) =>
    gateway.fetch(path, { ...json({ weight }, { ...operator, ...headers }), method: 'PUT' });

  expect((await put(2, {})).status).toBe(428);
  expect((await put(11, { 'If-Match': tag })).status).toBe(422);
  expect(await (await put(4, { 'If-Match': tag })).json()).toMatchObject({ weight: 4 });
  expect((await put(5, { 'If-Match': tag })).status).toBe(412);
  expect((await gateway.fetch(path)).status).toBe(403);
  const unknown = await gateway.fetch(`/workspaces/${randomUUID()}/scan-weight`, { headers: operator });
  expect(unknown.status).toBe(404);
  const audited = await used.database.sql(
    `SELECT before, after FROM audit_logs WHERE action = 'workspace.weigh_scans'`,
  );
  expect(audited).toEqual([{ before: { scanWeight: 1 }, after: { scanWeight: 4 } }]);
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from './testing/create-test-database.ts';

const SHA256 = 'ab'.repeat(32);

describe('the table of scans', () => {
  let test: TestDatabase;

  beforeAll(async () => {
    test = await createTestDatabase();
  });
  afterAll(() => test.drop());

  const insert = async (row: Record<string, unknown>): Promise<string> => {
    const columns = Object.keys(row);
    const [created] = await test.sql<{ id: string }>(
      `INSERT INTO scan_results (${columns.join()}) VALUES (${columns.map((_, n) => `$${n + 1}`).join()}) RETURNING id`,
      Object.values(row),
    );
    return created?.id ?? '';
  };
  const QUEUED = { requested_url: 'https://shop.example/', params: '{}' };
  const RUNNING = {
    ...QUEUED,
    status: 'running',
    attempt: 1,
    attempts_max: 3,
    worker_id: 'worker-1',
    lease_until: '2100-01-01',
    started_at: '2100-01-01',
  };
  const OBSERVATION = {
    observation_key: 'scans/1/observation.json.gz',
    observation_sha256: SHA256,
    observation_size_bytes: 1,
  };
  const SUCCESS = {
    ...QUEUED,
    ...OBSERVATION,
    status: 'success',
    finished_at: '2100-01-01',
    totals: '{}',
    quality: '{}',
    duration_ms: 1,
  };
  const FAILED = { ...QUEUED, status: 'failed', finished_at: '2100-01-01' };

  it.each([
    ['queued', QUEUED],
    ['running', RUNNING],
    ['success', SUCCESS],
    ['failed without an observation', FAILED],
    ['cancelled', { ...FAILED, status: 'cancelled' }],
  ])('holds a scan that is %s', async (_case, row) => {
    expect(await insert(row)).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    ['without a URL', { ...QUEUED, requested_url: '' }, 'url_lengths'],
    ['with an endless URL', { ...QUEUED, requested_url: 'x'.repeat(8_193) }, 'url_lengths'],
    ['with an endless final URL', { ...SUCCESS, final_url: 'x'.repeat(8_193) }, 'url_lengths'],
    ['with parameters that are a list', { ...QUEUED, params: '[]' }, 'params_is_object'],
    ['with an empty reason', { ...FAILED, status_reason: '' }, 'reason_length'],
    ['with a negative attempt', { ...QUEUED, attempt: -1 }, 'attempt_not_negative'],
    ['handed back more often than taken', { ...QUEUED, released_count: 1 }, 'released_within_attempts'],
    ['with a negative offer', { ...QUEUED, offer: -1 }, 'offer_not_negative'],
    ['queued with a worker', { ...QUEUED, worker_id: 'worker-1' }, 'queued_is_unclaimed'],
    ['queued with a start', { ...QUEUED, started_at: '2100-01-01' }, 'queued_is_unclaimed'],
    ['queued with a lease', { ...QUEUED, lease_until: '2100-01-01' }, 'running_is_leased'],
    ['running without a lease', { ...RUNNING, lease_until: null }, 'running_is_leased'],
    ['running without a worker', { ...RUNNING, worker_id: null }, 'running_is_claimed'],
    ['running without a start', { ...RUNNING, started_at: null }, 'running_is_claimed'],
    ['running without a limit of attempts', { ...RUNNING, attempts_max: null }, 'running_is_claimed'],
    ['with a limit of no attempts', { ...RUNNING, attempts_max: 0 }, 'attempts_max_positive'],
    ['running without an attempt', { ...RUNNING, attempt: 0 }, 'running_is_claimed'],
    ['finished with a lease', { ...SUCCESS, lease_until: '2100-01-01' }, 'running_is_leased'],
    ['terminal without an end', { ...FAILED, finished_at: null }, 'terminal_is_finished'],
    ['running with an end', { ...RUNNING, finished_at: '2100-01-01' }, 'terminal_is_finished'],
    ['settled before its end', { ...RUNNING, settled_at: '2100-01-01' }, 'settled_is_finished'],
    ['finished before it was queued', { ...FAILED, finished_at: '2000-01-01' }, 'finished_after_queued'],
    ['with a negative duration', { ...SUCCESS, duration_ms: -1 }, 'duration_not_negative'],
    ['with totals that are a number', { ...SUCCESS, totals: '1' }, 'totals_is_object'],
    ['with quality that is a list', { ...SUCCESS, quality: '[]' }, 'quality_is_object'],
    ['with half an observation', { ...SUCCESS, observation_sha256: null }, 'observation_is_whole'],
    ['with another hash', { ...SUCCESS, observation_sha256: 'AB'.repeat(32) }, 'observation_sha256_format'],
    ['with a negative size', { ...SUCCESS, observation_size_bytes: -1 }, 'observation_size_not_negative'],
    ['successful without an observation', { ...FAILED, status: 'success' }, 'outcome_is_observed'],
    ['partial without totals', { ...SUCCESS, status: 'partial', totals: null }, 'outcome_is_observed'],
  ])('refuses a scan %s', async (_case, row, constraint) => {
    await expect(insert(row)).rejects.toMatchObject({ constraint: `scan_results_${constraint}` });
  });

  it('keeps the outcome of a finished scan for ever', async () => {
    const id = await insert(SUCCESS);
    const reopen = test.sql(`UPDATE scan_results SET status = 'queued', finished_at = NULL WHERE id = $1`, [
      id,
    ]);
    await expect(reopen).rejects.toMatchObject({ constraint: 'scan_results_finished_is_final' });
  });

  it('never lets the fencing token go back', async () => {
    const id = await insert({ ...QUEUED, attempt: 2 });
    const rewind = test.sql('UPDATE scan_results SET attempt = 1 WHERE id = $1', [id]);
    await expect(rewind).rejects.toMatchObject({ constraint: 'scan_results_attempt_only_grows' });
  });
});

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

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from './testing/create-test-database.ts';

const CLI = fileURLToPath(new URL('../dist/migrate-cli.js', import.meta.url));

describe('db:migrate', () => {
  let test: TestDatabase;

  beforeAll(async () => {
    test = await createTestDatabase();
  });
  afterAll(() => test.drop());

  const run = (databaseUrl: string): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, [CLI], {
      encoding: 'utf8',
      cwd: fileURLToPath(new URL('.', import.meta.url)),
      env: { DATABASE_URL: databaseUrl },
    });

  it('says what it applied, and then that nothing is left to do', async () => {
    await test.sql('DROP SCHEMA public CASCADE');
    await test.sql('CREATE SCHEMA public');
    expect(run(test.url)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^applied \d{14}_scans\n/),
    });
    expect(run(test.url)).toMatchObject({ status: 0, stdout: 'the database is up to date\n' });
  });

  it('fails with one sentence when the server does not answer', () => {
    expect(run('postgresql://x:canary@127.0.0.1:1/x')).toMatchObject({
      status: 1,
      stdout: '',
      stderr: 'PostgreSQL does not answer: check that it runs and that DATABASE_URL is right\n',
    });
  });
});

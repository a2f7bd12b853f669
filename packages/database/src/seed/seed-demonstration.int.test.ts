import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLogger } from '@cookie-scanner/observability';
import { findingRepository } from '../finding.repository.ts';
import { openDatabase, type Database } from '../open-database.ts';
import { scanRepository } from '../scan.repository.ts';
import { createTestDatabase, type TestDatabase } from '../testing/create-test-database.ts';
import { seedDemonstration } from './seed-demonstration.ts';

describe('the demonstration workspace', () => {
  let test: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    test = await createTestDatabase();
    database = openDatabase({ url: test.url, logger: silentLogger });
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  it('is added once, with scans to look at, people who cannot sign in, and no work for anybody', async () => {
    expect(await seedDemonstration(database)).toBe(true);
    expect(await seedDemonstration(database)).toBe(false);
    const [workspace] = await test.sql<{ id: string }>(
      `SELECT id FROM workspaces WHERE slug = 'demonstration'`,
    );
    const workspaceId = workspace?.id ?? '';
    const scans = scanRepository(database);
    const latest = await scans.findLatestOfDomain(workspaceId, 'shop.example');
    expect(latest).toMatchObject({ status: 'success', totals: { cookies: 4, thirdPartyCookies: 1 } });
    const all = await scans.search({ workspaceId, cursor: null, limit: 10 });
    expect(all.items.map(({ status }) => status).sort()).toEqual([
      'blocked',
      'partial',
      'success',
      'success',
    ]);
    const findings = await findingRepository(database).listOfWorkspace({
      workspaceId,
      severity: null,
      state: null,
      cursor: null,
      limit: 10,
    });
    expect(findings.items).toMatchObject([{ severity: 'high', state: 'open' }]);

    expect(
      await test.sql('SELECT FROM users WHERE password_hash IS NOT NULL OR state <> $1', ['invited']),
    ).toEqual([]);
    expect(await test.sql('SELECT FROM outbox_events WHERE sent_at IS NULL')).toEqual([]);
    expect(await scans.reofferFollowUps({ olderThanMs: -60_000, limit: 10 })).toBe(0);
    expect(await test.sql(`SELECT FROM schedules WHERE state = 'active'`)).toEqual([]);
  });
});

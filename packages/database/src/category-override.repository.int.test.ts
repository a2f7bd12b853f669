import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { scanParamsSchema } from '@cookie-scanner/contracts';
import { silentLogger } from '@cookie-scanner/observability';
import {
  categoryOverrideRepository,
  type CategoryOverrideRepository,
} from './category-override.repository.ts';
import { DEFAULT_WORKSPACE_ID } from './default-workspace.ts';
import { openDatabase, type Database } from './open-database.ts';
import { scanRepository } from './scan.repository.ts';
import { createTestDatabase, type TestDatabase } from './testing/create-test-database.ts';

const DECISION = {
  workspaceId: DEFAULT_WORKSPACE_ID,
  name: '_ga',
  match: 'exact',
  domain: null,
  category: 'necessary',
  reason: 'Counts visitors without telling them apart.',
} as const;

const BY = { actorKind: 'system' } as const;

describe('overrides of categories', () => {
  let test: TestDatabase;
  let database: Database;
  let overrides: CategoryOverrideRepository;

  beforeAll(async () => {
    test = await createTestDatabase();
    database = openDatabase({ url: test.url, logger: silentLogger });
    overrides = categoryOverrideRepository(database);
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  const listed = async () =>
    (await overrides.listOfWorkspace({ workspaceId: DEFAULT_WORKSPACE_ID, cursor: null, limit: 100 })).items;

  it('are kept, replaced by a later decision about the same cookies, and taken back', async () => {
    const first = await overrides.put(DECISION, BY);
    const again = await overrides.put({ ...DECISION, category: 'analytics', reason: 'It does not.' }, BY);
    const elsewhere = await overrides.put({ ...DECISION, domain: 'shop.example' }, BY);

    expect(first).toMatchObject(DECISION);
    expect(again).toMatchObject({ id: first.id, category: 'analytics', reason: 'It does not.' });
    expect(await listed()).toEqual(expect.arrayContaining([elsewhere, again]));

    expect(await overrides.remove(DEFAULT_WORKSPACE_ID, first.id, BY)).toBe(true);
    expect(await overrides.remove(DEFAULT_WORKSPACE_ID, first.id, BY)).toBe(false);
    expect(await listed()).toEqual([elsewhere]);
  });

  it('about the same cookies from two people at once are one, not an error', async () => {
    const name = 'at_once';
    const both = await Promise.all([1, 2, 3].map(() => overrides.put({ ...DECISION, name }, BY)));
    expect(new Set(both.map(({ id }) => id)).size).toBe(1);
  });

  it('of a workspace count for its own scans only', async () => {
    const scans = scanRepository(database);
    const [other] = await test.sql<{ id: string }>(
      `INSERT INTO workspaces (name, slug) VALUES ('Other', 'other') RETURNING id`,
    );
    const place = { workspaceId: other?.id ?? '', name: 'mine', match: 'prefix' } as const;
    const mine = await overrides.put({ ...DECISION, ...place }, BY);
    const params = scanParamsSchema.parse({});
    const requestedUrl = 'https://shop.example/';
    const ours = await scans.create({ requestedUrl, params, workspaceId: other?.id ?? '' });
    const theirs = await scans.create({ requestedUrl, params });

    expect(await overrides.listForScan(ours.id)).toEqual([mine]);
    expect(await overrides.listForScan(theirs.id)).not.toContainEqual(mine);
    expect(await overrides.listForScan('0b8f7d0a-6c7e-4a7c-9d35-0a6a3f2c1d01')).toEqual([]);
  });

  it('cannot be taken back by another workspace', async () => {
    const one = await overrides.put({ ...DECISION, name: 'guarded' }, BY);
    expect(await overrides.remove('0b8f7d0a-6c7e-4a7c-9d35-0a6a3f2c1d01', one.id, BY)).toBe(false);
    expect(await listed()).toContainEqual(one);
  });
});

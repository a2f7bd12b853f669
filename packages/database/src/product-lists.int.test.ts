import { scanParamsSchema } from '@cookie-scanner/contracts';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLogger } from '@cookie-scanner/observability';
import { cookieSightingRepository } from './cookie-sighting.repository.ts';
import { findingRepository } from './finding.repository.ts';
import type { NewFinding } from './stored-finding.ts';
import type { KeysetPage } from './keyset.ts';
import { openDatabase, type Database } from './open-database.ts';
import { sampleCookie, sampleObservation, sampleTotals } from '@cookie-scanner/contracts/testing';
import { scanRepository, type ScanRepository } from './scan.repository.ts';
import { freshHash, rowMaker, type RowMaker } from './table-cases/table-case.test.fixture.ts';
import { createTestDatabase, type TestDatabase } from './testing/create-test-database.ts';

describe('the lists of the product', () => {
  let test: TestDatabase;
  let database: Database;
  let scans: ScanRepository;
  let make: RowMaker;

  beforeAll(async () => {
    test = await createTestDatabase();
    database = openDatabase({ url: test.url, logger: silentLogger });
    scans = scanRepository(database);
    make = rowMaker(test);
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  const everything = async <T>(page: (cursor: string | null) => Promise<KeysetPage<T>>): Promise<T[]> => {
    const items: T[] = [];
    let cursor: string | null = null;
    do {
      const next: KeysetPage<T> = await page(cursor);
      items.push(...next.items);
      cursor = next.nextCursor;
    } while (cursor !== null);
    return items;
  };
  const finished = async (workspaceId: string, url: string, cookieNames: string[] = []): Promise<string> => {
    const { id } = await scans.create({
      requestedUrl: url,
      params: scanParamsSchema.parse({ mode: 'quick', timeoutMs: 60_000 }),
      workspaceId,
      trigger: 'api',
    });
    await scans.claim(id, { workerId: 'worker-1', leaseMs: 60_000, attemptsMax: 3 });
    await scans.finish(id, {
      attempt: 1,
      workerId: 'worker-1',
      observation: sampleObservation(cookieNames.map((name) => sampleCookie({ name }))),
      totals: sampleTotals(cookieNames.length),
      artifact: { key: 'x', sha256: 'cd'.repeat(32), sizeBytes: 512 },
      valuesKept: false,
    });
    return id;
  };

  it('show the scans of a domain, the latest first, and never those of another workspace', async () => {
    const [ours, theirs] = [await make.workspace(), await make.workspace()];
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.unshift(await finished(ours, `https://SHOP.example./${n}`));
    await finished(theirs, 'https://shop.example/');
    await finished(ours, 'https://www.shop.example/');
    await scans.create({
      requestedUrl: 'https://shop.example/',
      params: scanParamsSchema.parse({ mode: 'quick', timeoutMs: 60_000 }),
      workspaceId: ours,
    });
    expect(await scans.findLatestOfDomain(ours, 'shop.example')).toMatchObject({
      id: ids[0],
      status: 'success',
    });
    expect(await scans.findLatestOfDomain(ours, 'nowhere.example')).toBeNull();
    const all = await everything((cursor) =>
      scans.listOfDomain({ workspaceId: ours, domain: 'shop.example', cursor, limit: 2 }),
    );
    expect(all.map(({ id }) => id)).toEqual(ids);
  });

  it('show the scans of a workspace by status, the last submitted first, also those of one moment', async () => {
    const workspaceId = await make.workspace();
    const ids: string[] = [];
    for (let n = 0; n < 7; n += 1) {
      ids.push(
        await make.scan({ workspace_id: workspaceId, queued_at: n < 4 ? '2026-01-01' : '2026-01-02' }),
      );
    }
    await finished(workspaceId, 'https://shop.example/');
    const queued = await everything((cursor) =>
      scans.search({ workspaceId, status: 'queued', cursor, limit: 3 }),
    );
    expect(queued.map(({ id }) => id).sort()).toEqual([...ids].sort());
    expect(queued.slice(0, 3).every(({ queuedAt }) => queuedAt.startsWith('2026-01-02'))).toBe(true);
    const all = await everything((cursor) => scans.search({ workspaceId, cursor, limit: 3 }));
    expect(all).toHaveLength(8);
  });

  it('name every domain that has a cookie, and what is new since a time', async () => {
    const workspaceId = await make.workspace();
    const sightings = cookieSightingRepository(database);
    for (const host of ['c', 'a', 'b'])
      await finished(workspaceId, `https://${host}.example/`, ['_ga', host]);
    await finished(workspaceId, 'https://a.example/', ['_ga']);
    const domains = await everything((cursor) =>
      sightings.listDomainsWithCookie({ workspaceId, name: '_ga', cursor, limit: 2 }),
    );
    expect(domains.map(({ domain }) => domain)).toEqual(['a.example', 'b.example', 'c.example']);
    expect(Date.parse(domains[0]?.lastSeenAt ?? '')).toBeGreaterThan(
      Date.parse(domains[0]?.firstSeenAt ?? ''),
    );

    await test.sql(
      `UPDATE cookie_sightings SET first_seen_at = '2020-01-01' WHERE workspace_id = $1 AND name = '_ga'`,
      [workspaceId],
    );
    const fresh = await everything((cursor) =>
      sightings.listNewSince({ workspaceId, since: new Date('2021-01-01'), cursor, limit: 2 }),
    );
    expect(fresh.map(({ name }) => name)).toEqual(['b', 'a', 'c']);
  });

  it('show findings, the gravest first, with what was decided, which a new analysis keeps', async () => {
    const workspaceId = await make.workspace();
    const findings = findingRepository(database);
    const scanId = await finished(workspaceId, 'https://shop.example/');
    const finding = (severity: NewFinding['severity']): NewFinding => ({
      rule: 'cookie-before-consent',
      fingerprint: freshHash(),
      severity,
      confidence: 'high',
      title: `hostile \0 ${severity}`,
      detail: { cookie: '\ud800' },
    });
    const all = (['low', 'critical', 'info', 'high', 'medium', 'critical'] as const).map(finding);
    await findings.replaceForScan(scanId, all);
    const list = (
      state: 'accepted' | null = null,
    ): ReturnType<typeof everything<{ id: string; severity: string; detail: unknown }>> =>
      everything((cursor) =>
        findings.listOfWorkspace({ workspaceId, severity: null, state, cursor, limit: 2 }),
      );
    const shown = await list();
    expect(shown.map(({ severity }) => severity)).toEqual([
      'critical',
      'critical',
      'high',
      'medium',
      'low',
      'info',
    ]);
    expect(shown[0]).toMatchObject({
      scanId,
      title: 'hostile \0 critical',
      detail: { cookie: '\ud800' },
      state: 'open',
    });

    const id = shown[2]?.id ?? '';
    const by = { actorKind: 'user', actorId: await make.user(), actorName: 'ada@example.org' } as const;
    const decision = { state: 'accepted', reason: 'known' } as const;
    expect(await findings.decide(randomUUID(), decision, by)).toBeNull();
    expect(await findings.decide(id, decision, by)).toMatchObject({ id, state: 'accepted' });
    await findings.replaceForScan(scanId, all.slice(2));
    expect((await list()).map(({ severity }) => severity)).toEqual(['critical', 'high', 'medium', 'info']);
    expect(await list('accepted')).toMatchObject([{ id, decisionNote: 'known', decidedBy: by.actorId }]);

    await expect(findings.replaceForScan(randomUUID(), [])).rejects.toMatchObject({ code: 'SCAN_NOT_FOUND' });
    await expect(findings.replaceForScan(await make.scan(), [])).rejects.toMatchObject({
      code: 'SCAN_NOT_FINISHED',
    });
  });

  it('refuse a cursor of another list, and an invented one', async () => {
    const workspaceId = await make.workspace();
    const cursors = [
      'x',
      Buffer.from('5').toString('base64url'),
      Buffer.from(`now()\n${randomUUID()}`).toString('base64url'),
    ];
    for (const cursor of cursors) {
      await expect(scans.search({ workspaceId, cursor, limit: 10 })).rejects.toMatchObject({
        code: 'INPUT_INVALID',
      });
    }
  });
});

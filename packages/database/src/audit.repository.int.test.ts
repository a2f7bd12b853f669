import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLogger } from '@cookie-scanner/observability';
import pg from 'pg';
import { auditRepository, type AuditRepository } from './audit.repository.ts';
import { verifyAudit } from './audit-verify.ts';
import { openDatabase, type Database } from './open-database.ts';
import { createTestDatabase, type TestDatabase } from './testing/create-test-database.ts';

describe('the audit log', () => {
  let test: TestDatabase;
  let database: Database;
  let audit: AuditRepository;

  beforeAll(async () => {
    test = await createTestDatabase();
    database = openDatabase({ url: test.url, poolMax: 20, connectTimeoutMs: 30_000, logger: silentLogger });
    audit = auditRepository(database);
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  const placesOf = async (chain: string): Promise<number[]> => {
    const rows = await test.sql<{ sequence: string }>(
      'SELECT sequence FROM audit_logs WHERE chain = $1 ORDER BY sequence',
      [chain],
    );
    return rows.map(({ sequence }) => Number(sequence));
  };
  const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

  const faultOf = async (chain: string): Promise<unknown> => {
    const { chains } = await verifyAudit(database, { judge: () => 'unknown' });
    return chains.find((each) => each.chain === chain)?.fault;
  };

  it('has no gap and no double place under 100 parallel writers, also where some of them fail', async () => {
    const workspaceId = randomUUID();
    const writers = Array.from({ length: 100 }, async (_, index) => {
      const client = new pg.Client({ connectionString: test.url });
      await client.connect();
      try {
        await client.query('BEGIN');
        await client.query(
          `INSERT INTO audit_logs (actor_kind, action, workspace_id, after) VALUES ('system', 'test.write', $1, $2)`,
          [workspaceId, JSON.stringify({ index })],
        );
        await client.query(index % 10 === 0 ? 'ROLLBACK' : 'COMMIT');
      } finally {
        await client.end();
      }
    });
    await Promise.all(writers);
    expect(await placesOf(workspaceId)).toEqual(upTo(90));
    expect(await faultOf(workspaceId)).toBeNull();
  });

  it('gives 100 parallel calls of the repository one place each, and every workspace its own chain', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        audit.append({
          actorKind: 'system',
          action: 'test.write',
          workspaceId: index % 2 === 0 ? one : other,
        }),
      ),
    );
    expect(await placesOf(one)).toEqual(upTo(50));
    expect(await placesOf(other)).toEqual(upTo(50));
    expect(await faultOf(one)).toBeNull();
    expect(await faultOf(other)).toBeNull();
  });

  it('chains the rows of one statement too, and overwrites whatever it says about the chain', async () => {
    const workspaceId = randomUUID();
    await test.sql(
      `INSERT INTO audit_logs (actor_kind, action, workspace_id, chain, sequence, previous_hash, hash, occurred_at)
       SELECT 'system', 'test.write', $1, 'forged', 7, 'forged', 'forged', '1999-01-01' FROM generate_series(1, 3)`,
      [workspaceId],
    );
    expect(await placesOf(workspaceId)).toEqual([1, 2, 3]);
    expect(await faultOf(workspaceId)).toBeNull();
    expect(
      await test.sql(`SELECT FROM audit_logs WHERE chain = 'forged' OR occurred_at < '2020-01-01'`),
    ).toEqual([]);
  });

  it.each([
    ['changed', `UPDATE audit_logs SET action = 'test.forged'`],
    ['deleted', 'DELETE FROM audit_logs'],
    ['emptied', 'TRUNCATE audit_logs'],
  ])('cannot be %s', async (_case, statement) => {
    await audit.append({ actorKind: 'system', action: 'test.write' });
    await expect(test.sql(statement)).rejects.toMatchObject({
      code: '23001',
      constraint: 'audit_logs_append_only',
    });
  });

  it('keeps everything that is said, also hostile text, and cuts what clients make endless', async () => {
    const actorId = randomUUID();
    const hostile = 'x\0\ud800';
    await audit.append({
      actorKind: 'user',
      actorId,
      actorName: hostile,
      action: 'user.update',
      outcome: 'refused',
      targetType: 'user',
      targetId: '42',
      ip: '::1',
      userAgent: 'a'.repeat(5_000),
      requestId: 'r1',
      before: { [hostile]: [hostile, 1] },
      after: {},
    });
    const { items } = await audit.listOfActor({ actorId, from: null, until: null, cursor: null, limit: 10 });
    expect(items).toEqual([
      {
        id: expect.any(String),
        chain: 'platform',
        sequence: expect.any(Number),
        occurredAt: expect.any(String),
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        actorKind: 'user',
        actorId,
        actorName: hostile,
        action: 'user.update',
        outcome: 'refused',
        targetType: 'user',
        targetId: '42',
        ip: '::1',
        userAgent: 'a'.repeat(1_024),
        requestId: 'r1',
        before: { [hostile]: [hostile, 1] },
        after: {},
      },
    ]);
    expect(await faultOf('platform')).toBeNull();
  });

  it('is read page by page, newest first, within a time', async () => {
    const actorId = randomUUID();
    for (let n = 1; n <= 5; n += 1) {
      await audit.append({ actorKind: 'api_key', actorId, action: `test.step-${n}` });
    }
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<AuditRepository['listOfActor']>> = await audit.listOfActor({
        actorId,
        from: new Date(Date.now() - 3_600_000),
        until: new Date(Date.now() + 3_600_000),
        cursor,
        limit: 2,
      });
      seen.push(...page.items.map(({ action }) => action));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual([5, 4, 3, 2, 1].map((n) => `test.step-${n}`));
    const past = { actorId, from: null, until: new Date('2000-01-01'), cursor: null, limit: 2 };
    expect((await audit.listOfActor(past)).items).toEqual([]);
  });
});

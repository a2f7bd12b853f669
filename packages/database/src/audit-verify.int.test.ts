import { generateKeyPairSync, randomUUID } from 'node:crypto';
import type { AuditAnchor } from '@cookie-scanner/contracts';
import { silentLogger } from '@cookie-scanner/observability';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anchorJudge, auditSigner } from './audit-anchor.ts';
import { anchorAuditChains, type AnchoringStep } from './audit-anchoring.ts';
import { removeAuditLogs } from './audit-removal.ts';
import { auditKeptSince } from './retention/audit-kept-since.ts';
import { auditRepository } from './audit.repository.ts';
import { verifyAudit, type ChainVerdict } from './audit-verify.ts';
import { openDatabase, type Database } from './open-database.ts';
import { createTestDatabase, type TestDatabase } from './testing/create-test-database.ts';

const signer = auditSigner(generateKeyPairSync('ed25519').privateKey);
let test: TestDatabase;
let database: Database;
/** What was kept outside the database. */
let outside: AuditAnchor[];

beforeAll(async () => {
  test = await createTestDatabase();
  database = openDatabase({ url: test.url, logger: silentLogger });
  outside = [];
});
afterAll(async () => {
  await database.close();
  await test.drop();
});

/** A chain of so many rows. */
async function chainOf(length: number): Promise<string> {
  const workspaceId = randomUUID();
  for (let n = 1; n <= length; n += 1) await grow(workspaceId, n);
  return workspaceId;
}

function grow(workspaceId: string, n = 0): Promise<void> {
  return auditRepository(database).append({
    ...{ actorKind: 'system', action: 'test.write', workspaceId, targetId: `ü"\\${n}` },
    after: { n, of: [1.5, null, 'é\u2028'] },
  });
}

async function anchor(): Promise<AnchoringStep[]> {
  const steps: AnchoringStep[] = [];
  const keepOutside = (each: AuditAnchor): Promise<void> => {
    outside.push(each);
    return Promise.resolve();
  };
  await anchorAuditChains(database, { signer, keepOutside, onStep: (step) => steps.push(step) });
  return steps;
}

/** Does what only the owner of the database can, who goes around the triggers. */
async function tamper(...statements: string[]): Promise<void> {
  await test.sql('ALTER TABLE audit_logs DISABLE TRIGGER USER');
  for (const statement of statements) await test.sql(statement);
  await test.sql('ALTER TABLE audit_logs ENABLE TRIGGER USER');
}

/** Computes every hash of a chain anew from a row on, as its writer does. */
async function rehash(chain: string, from: number): Promise<void> {
  await tamper(`DO $$
    DECLARE entry audit_logs; before text;
    BEGIN
      FOR entry IN SELECT * FROM audit_logs WHERE chain = '${chain}' AND sequence >= ${from} ORDER BY sequence LOOP
        SELECT hash INTO before FROM audit_logs WHERE chain = entry.chain AND sequence = entry.sequence - 1;
        entry.previous_hash := coalesce(before, repeat('0', 64));
        UPDATE audit_logs SET previous_hash = entry.previous_hash, hash = audit_log_hash(entry) WHERE id = entry.id;
      END LOOP;
    END $$`);
}

async function faultOf(
  chain: string,
  kept: AuditAnchor[] = outside,
): Promise<ChainVerdict['fault'] | undefined> {
  const options = {
    judge: signer.judge,
    outside: (async function* () {
      yield await Promise.resolve(kept);
    })(),
  };
  const { chains, unknownKeyIds } = await verifyAudit(database, options);
  expect(unknownKeyIds).toEqual([]);
  return chains.find((each) => each.chain === chain)?.fault;
}

const rows = (chain: string, condition: string): string => `chain = '${chain}' AND ${condition}`;

describe('checking the audit log finds nothing', () => {
  it('in a log as its writers left it, signed or not', async () => {
    const chain = await chainOf(3);
    expect(await faultOf(chain)).toBeNull();
    expect(await anchor()).toContainEqual({
      kind: 'anchored',
      anchor: expect.objectContaining({ chain, sequence: 3, kind: 'head' }),
    });
    expect(await anchor()).toEqual([]);
    await grow(chain);
    expect(await faultOf(chain)).toBeNull();
  });
});

describe('checking the audit log names the first row that is not what its writer left', () => {
  it.each([
    ['a changed row', `UPDATE audit_logs SET actor_name = 'x' WHERE %`, 'sequence = 2', 2, 'changed'],
    ['a changed time', `UPDATE audit_logs SET occurred_at = now() WHERE %`, 'sequence = 3', 3, 'changed'],
    ['a removed row', 'DELETE FROM audit_logs WHERE %', 'sequence = 2', 2, 'missing'],
    ['a removed beginning', 'DELETE FROM audit_logs WHERE %', 'sequence < 3', 1, 'missing'],
    [
      'a hash of its own',
      `UPDATE audit_logs SET hash = repeat('a', 64) WHERE %`,
      'sequence = 1',
      1,
      'changed',
    ],
    [
      'another predecessor',
      `UPDATE audit_logs SET previous_hash = hash WHERE %`,
      'sequence = 2',
      2,
      'detached',
    ],
  ])('%s', async (_case, statement, condition, sequence, reason) => {
    const chain = await chainOf(4);
    await tamper(statement.replace('%', rows(chain, condition)));
    expect(await faultOf(chain)).toEqual({ sequence, reason });
    expect(await anchor()).toContainEqual({ kind: 'broken', chain, sequence });
  });

  it('rows that changed places', async () => {
    const chain = await chainOf(4);
    const move = (from: number, to: number) =>
      `UPDATE audit_logs SET sequence = ${to} WHERE ${rows(chain, `sequence = ${from}`)}`;
    await tamper(move(2, 9), move(3, 2), move(9, 3));
    expect(await faultOf(chain)).toMatchObject({ sequence: 2 });
  });
});

describe('against what was signed shows', () => {
  it('an end that was cut off, also when the anchors in the database went with it', async () => {
    const chain = await chainOf(4);
    await anchor();
    await tamper(`DELETE FROM audit_logs WHERE ${rows(chain, 'sequence > 2')}`);
    expect(await faultOf(chain, [])).toEqual({ sequence: 3, reason: 'cut' });
    await test.sql('DELETE FROM audit_anchors WHERE chain = $1', [chain]);
    expect(await faultOf(chain, [])).toBeNull();
    expect(await faultOf(chain)).toEqual({ sequence: 3, reason: 'cut' });
  });

  it('a chain that is gone as a whole', async () => {
    const chain = await chainOf(2);
    await anchor();
    await tamper(`DELETE FROM audit_logs WHERE chain = '${chain}'`);
    await test.sql('DELETE FROM audit_anchors WHERE chain = $1', [chain]);
    expect(await faultOf(chain)).toEqual({ sequence: 1, reason: 'cut' });
  });

  it('a chain whose hashes were all computed anew, and it is not signed again', async () => {
    const chain = await chainOf(3);
    await anchor();
    await tamper(`UPDATE audit_logs SET after = '{}' WHERE ${rows(chain, 'sequence = 2')}`);
    await rehash(chain, 2);
    await grow(chain);
    expect(await faultOf(chain, [])).toEqual({ sequence: 3, reason: 'rewritten' });
    expect(await anchor()).toContainEqual({ kind: 'broken', chain, sequence: 3 });
  });

  it('an anchor that somebody without the key made, and keys that are not known', async () => {
    const chain = await chainOf(2);
    const good = signer.sign({ kind: 'head', chain, sequence: 2, hash: 'ab'.repeat(32) }, new Date());
    expect(await faultOf(chain, [{ ...good, sequence: 1 }])).toEqual({
      sequence: 1,
      reason: 'forged_anchor',
    });
    const stranger = auditSigner(generateKeyPairSync('ed25519').privateKey);
    const foreign = stranger.sign({ ...good, kind: 'head' }, new Date());
    expect(signer.judge(foreign)).toBe('unknown');
    expect(anchorJudge([stranger.publicKey])(foreign)).toBe('good');
    expect(() => anchorJudge(['c2hvcnQ'])).toThrow(TypeError);
  });
});

describe('removing old rows', () => {
  const remove = (olderThan: Date) =>
    removeAuditLogs(database, {
      keptSince: () => olderThan,
      signer,
      pieceSize: 2,
      keepOutside: (each) => Promise.resolve(void outside.push(each)),
    });
  const inAnHour = () => new Date(Date.now() + 3_600_000);

  it('leaves a chain that can be checked and goes on, in pieces, also when nothing is left of it', async () => {
    const chain = await chainOf(5);
    await anchor();
    await grow(chain);
    const later = await chainOf(1);
    await remove(inAnHour());
    const left = await test.sql('SELECT sequence::int FROM audit_logs WHERE chain = $1', [chain]);
    expect(left).toEqual([{ sequence: 6 }]);
    expect(await faultOf(chain)).toBeNull();
    await anchor();
    await remove(inAnHour());
    expect(await test.sql('SELECT FROM audit_logs WHERE chain = ANY($1)', [[chain, later]])).toEqual([]);
    await grow(chain);
    expect(await faultOf(chain)).toBeNull();
    expect(await anchor()).toContainEqual({
      kind: 'anchored',
      anchor: expect.objectContaining({ chain, sequence: 7 }),
    });
    await tamper(`UPDATE audit_logs SET action = 'test.forged' WHERE chain = '${chain}'`);
    expect(await faultOf(chain)).toEqual({ sequence: 7, reason: 'changed' });
  });

  it('keeps each chain for as long as its workspace chose, and for ever where nothing else is said', async () => {
    const [kept, gone] = [await chainOf(2), await chainOf(2)];
    for (const [chain, days] of [
      [kept, 0],
      [gone, 400],
    ] as const) {
      await test.sql(`INSERT INTO workspaces (id, name, slug) VALUES ($1, 'Lab', gen_random_uuid())`, [
        chain,
      ]);
      await test.sql('INSERT INTO workspace_retention (workspace_id, audit_days) VALUES ($1, $2)', [
        chain,
        days,
      ]);
    }
    const [byOwn, byPlatform] = [
      await auditKeptSince(database, { auditDays: 0 }),
      await auditKeptSince(database, { auditDays: 500 }),
    ];
    const daysAgo = (since: Date | null) => since && Math.round((Date.now() - since.getTime()) / 86_400_000);
    expect([kept, gone, 'platform'].map((chain) => daysAgo(byOwn(chain)))).toEqual([null, 400, null]);
    expect([kept, gone, 'platform'].map((chain) => daysAgo(byPlatform(chain)))).toEqual([null, 400, 500]);
  });

  it('leaves what is young, and what nobody signed or is broken', async () => {
    const [young, unsigned] = [await chainOf(2), await chainOf(2)];
    await tamper(`UPDATE audit_logs SET actor_name = 'x' WHERE ${rows(unsigned, 'sequence = 1')}`);
    await anchor();
    await remove(new Date(Date.now() - 3_600_000));
    expect(await test.sql('SELECT FROM audit_logs WHERE chain = $1', [young])).toHaveLength(2);
    await remove(inAnHour());
    expect(await test.sql('SELECT FROM audit_logs WHERE chain = $1', [unsigned])).toHaveLength(2);
    await expect(test.sql('DELETE FROM audit_logs WHERE chain = $1', [unsigned])).rejects.toMatchObject({
      constraint: 'audit_logs_append_only',
    });
  });

  it('is no way to hide: a start that was moved without the key shows', async () => {
    const chain = await chainOf(4);
    await anchor();
    const [row] = await test.sql<{ hash: string }>(
      `SELECT hash FROM audit_logs WHERE ${rows(chain, 'sequence = 2')}`,
    );
    const start = {
      ...signer.sign({ kind: 'head', chain, sequence: 2, hash: row?.hash ?? '' }, new Date()),
      kind: 'start',
    };
    await test.sql(
      `INSERT INTO audit_anchors (chain, kind, sequence, hash, signed_at, key_id, signature)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [start.chain, start.kind, start.sequence, start.hash, start.signedAt, start.keyId, start.signature],
    );
    await tamper(`DELETE FROM audit_logs WHERE ${rows(chain, 'sequence <= 2')}`);
    expect(await faultOf(chain)).toEqual({ sequence: 2, reason: 'forged_anchor' });
  });
});

describe('a login that does not see every row', () => {
  it('is told so, instead of hearing that the log is whole', async () => {
    const role = `auditor_${randomUUID().slice(0, 8)}`;
    await test.sql(`CREATE ROLE ${role} LOGIN PASSWORD 'auditor'`);
    await test.sql(`GRANT SELECT ON audit_logs, audit_anchors TO ${role}`);
    const url = new URL(test.url);
    Object.assign(url, { username: role, password: 'auditor' });
    const blind = openDatabase({ url: url.href, logger: silentLogger });
    try {
      await expect(verifyAudit(blind, { judge: signer.judge })).rejects.toMatchObject({
        code: 'AUDIT_UNREADABLE',
      });
    } finally {
      await blind.close();
      await test.sql(`DROP OWNED BY ${role}`);
      await test.sql(`DROP ROLE ${role}`);
    }
  });
});

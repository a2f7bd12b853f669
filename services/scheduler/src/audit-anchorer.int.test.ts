import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { generateKeyPairSync } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditRepository, auditSigner, openDatabase, verifyAudit } from '@cookie-scanner/database';
import { createTestDatabase } from '@cookie-scanner/database/testing';
import { silentLogger } from '@cookie-scanner/observability';
import { expect, it, jest } from '@jest/globals';
import { startAuditAnchorer } from './audit-anchorer.ts';
import { startAuditRemover } from './audit-remover.ts';

it('signs the audit log into a file at its start, and tells of a chain that is broken', async () => {
  const test = await createTestDatabase();
  const database = openDatabase({ url: test.url, logger: silentLogger });
  const folder = await mkdtemp(join(tmpdir(), 'anchorer-'));
  const anchorFile = join(folder, 'anchors.ndjson');
  const signer = auditSigner(generateKeyPairSync('ed25519').privateKey);
  const counts: number[] = [];
  const round = async (): Promise<void> => {
    const onBroken = (count: number): void => void counts.push(count);
    // Stopping waits for the run in flight, and the first one starts at once.
    await startAuditAnchorer({ database, signer, anchorFile, logger: silentLogger, onBroken }).stop();
  };
  try {
    const grow = () => auditRepository(database).append({ actorKind: 'system', action: 'test.write' });
    await grow();
    await round();
    const [line] = (await readFile(anchorFile, 'utf8')).split('\n');
    expect(JSON.parse(line ?? '')).toMatchObject({ kind: 'head', chain: 'platform', sequence: 1 });

    await test.sql('ALTER TABLE audit_logs DISABLE TRIGGER USER');
    await test.sql(`UPDATE audit_logs SET hash = repeat('a', 64)`);
    await round();
    expect(counts).toEqual([0, 1]);
  } finally {
    await database.close();
    await test.drop();
    await rm(folder, { recursive: true });
  }
});

it('removes what was signed and is older than it is kept, and the rest can be checked', async () => {
  const test = await createTestDatabase();
  const database = openDatabase({ url: test.url, logger: silentLogger });
  const signer = auditSigner(generateKeyPairSync('ed25519').privateKey);
  const common = { database, anchorFile: null, logger: silentLogger };
  let removedCount = 0;
  const remove = async (change: { auditDays: number; signer: typeof signer | null }): Promise<void> => {
    const onRemoved = (count: number): void => void (removedCount += count);
    await startAuditRemover({ ...common, ...change, onRemoved }).stop();
  };
  const audit = auditRepository(database);
  const later = Date.now() + 400 * 86_400_000;
  const clock = jest.spyOn(Date, 'now');
  try {
    for (let n = 0; n < 3; n += 1) await audit.append({ actorKind: 'system', action: 'test.write' });
    await startAuditAnchorer({ ...common, signer }).stop();
    await audit.append({ actorKind: 'system', action: 'test.unsigned' });
    clock.mockImplementation(() => later);
    await remove({ auditDays: 0, signer });
    await remove({ auditDays: 365, signer: null });
    await remove({ auditDays: 500, signer });
    expect(removedCount).toBe(0);
    await remove({ auditDays: 365, signer });
    expect(removedCount).toBe(3);
    expect(await test.sql('SELECT sequence::int, action FROM audit_logs ORDER BY sequence')).toEqual([
      { sequence: 4, action: 'test.unsigned' },
      { sequence: 5, action: 'audit_log.expire' },
    ]);
    const { chains } = await verifyAudit(database, { judge: signer.judge });
    expect(chains).toMatchObject([{ chain: 'platform', firstSequence: 4, rowCount: 2, fault: null }]);
  } finally {
    clock.mockRestore();
    await database.close();
    await test.drop();
  }
});

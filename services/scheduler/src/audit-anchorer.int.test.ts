import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { generateKeyPairSync } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditRepository, auditSigner, openDatabase } from '@cookie-scanner/database';
import { createTestDatabase } from '@cookie-scanner/database/testing';
import { silentLogger } from '@cookie-scanner/observability';
import { expect, it } from '@jest/globals';
import { startAuditAnchorer } from './audit-anchorer.ts';

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

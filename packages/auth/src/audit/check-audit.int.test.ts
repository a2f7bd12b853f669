import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  anchorAuditChains,
  auditRepository,
  auditSigner,
  openDatabase,
  type Database,
} from '@cookie-scanner/database';
import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { silentLogger } from '@cookie-scanner/observability';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { auditSigningKeyOf } from '../auth-keys.ts';
import { appendAnchor } from './anchor-file.ts';
import { checkAudit } from './check-audit.ts';

const encryptionKey = 'k'.repeat(32);
const signer = auditSigner(auditSigningKeyOf(encryptionKey));
let test: TestDatabase;
let database: Database;
let folder: string;
let file: string;

beforeAll(async () => {
  test = await createTestDatabase();
  database = openDatabase({ url: test.url, logger: silentLogger });
  folder = await mkdtemp(join(tmpdir(), 'anchors-'));
  file = join(folder, 'anchors.ndjson');
});
afterAll(async () => {
  await database.close();
  await test.drop();
  await rm(folder, { recursive: true });
});

const grow = () => auditRepository(database).append({ actorKind: 'system', action: 'test.write' });
const anchor = () =>
  anchorAuditChains(database, {
    signer,
    keepOutside: (each) => appendAnchor(file, each),
    onStep: () => undefined,
  });
const check = (options: Partial<Parameters<typeof checkAudit>[1]> = {}) =>
  checkAudit(database, { encryptionKey, publicKeys: [], anchorFiles: [file], ...options });

it('says in words what became of each chain, and what could not be checked', async () => {
  expect((await check({ anchorFiles: [] })).lines.at(-1)).toBe('The audit log is empty.');
  await grow();
  await anchor();
  // A power cut left half a line behind, and the next anchor came after it.
  await appendFile(file, '{"kind":"he');
  await grow();
  await anchor();
  expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(4);

  const whole = await check();
  expect(whole.verdict).toBe('whole');
  expect(whole.lines).toEqual([
    'Chain of the platform: 2 entries are whole.',
    `4 signatures were checked; the public key of this installation is ${signer.publicKey}.`,
    `1 lines of ${file} are no anchors and were passed over.`,
    'The audit log is whole.',
  ]);
  const without = await check({ encryptionKey: null });
  expect([without.verdict, without.lines.at(-1)]).toEqual([
    'unchecked',
    `Not everything could be checked: give the public keys of ${signer.keyId}, with which some places were signed.`,
  ]);
  expect((await check({ encryptionKey: null, publicKeys: [signer.publicKey] })).verdict).toBe('whole');

  await test.sql('ALTER TABLE audit_logs DISABLE TRIGGER USER');
  await test.sql('DELETE FROM audit_logs WHERE sequence = 2');
  await test.sql('DELETE FROM audit_anchors');
  const cut = await check();
  expect(cut.verdict).toBe('broken');
  expect(cut.lines[0]).toMatch(/^Chain of the platform: BROKEN\. Entry 2 is missing, .* cut off/);
  expect((await check({ anchorFiles: [] })).lines).toContainEqual(
    expect.stringContaining('No file of anchors was given'),
  );
});

it('refuses files and keys that are none', async () => {
  const refusal = expect.objectContaining({ code: 'INPUT_INVALID' });
  await expect(check({ anchorFiles: [join(folder, 'missing')] })).rejects.toEqual(refusal);
  await writeFile(join(folder, 'other'), 'hello\n');
  await expect(check({ anchorFiles: [join(folder, 'other')] })).rejects.toEqual(refusal);
  await expect(check({ publicKeys: ['mine'] })).rejects.toEqual(refusal);
});

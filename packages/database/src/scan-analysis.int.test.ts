import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  complianceMetricsSchema,
  cookieClassificationSchema,
  judgedFindingSchema,
  type FindingState,
  type JudgedFinding,
} from '@cookie-scanner/contracts';
import { sampleCookie, sampleObservation, sampleTotals } from '@cookie-scanner/contracts/testing';
import { silentLogger } from '@cookie-scanner/observability';
import { randomUUID } from 'node:crypto';
import { newFinding } from './finding-content.ts';
import { findingRepository, type FindingRepository } from './finding.repository.ts';
import { openDatabase, type Database } from './open-database.ts';
import { scanRepository, type ScanRepository } from './scan.repository.ts';
import { createTestDatabase, type TestDatabase } from './testing/create-test-database.ts';

describe('the analysis of a scan', () => {
  let test: TestDatabase;
  let database: Database;
  let scans: ScanRepository;
  let findings: FindingRepository;

  beforeAll(async () => {
    test = await createTestDatabase();
    database = openDatabase({ url: test.url, logger: silentLogger });
    scans = scanRepository(database);
    findings = findingRepository(database);
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  async function finishedScan(requestedUrl = 'https://shop.example/'): Promise<string> {
    const { id } = await scans.create({ requestedUrl, params: {} });
    const claim = await scans.claim(id, { workerId: 'w', leaseMs: 60_000, attemptsMax: 3 });
    if (claim.kind !== 'claimed') throw new Error('a new scan could not be claimed');
    const cookies = ['a', 'b'].map((name) => sampleCookie({ name, value: null }));
    await scans.finish(id, {
      attempt: claim.attempt,
      workerId: 'w',
      observation: sampleObservation(cookies),
      totals: sampleTotals(2),
      artifact: { key: `scans/${id}/1/observation.json.gz`, sha256: 'ab'.repeat(32), sizeBytes: 1 },
      valuesKept: false,
    });
    return id;
  }

  function found(change: Partial<JudgedFinding>): JudgedFinding {
    return judgedFindingSchema.parse({
      ruleId: 'cookie-before-consent',
      subject: 'x',
      severity: 'high',
      confidence: 'high',
      title: 'Cookie x is set before consent',
      explanation: 'Why.',
      advice: 'What to do.',
      legalSources: ['ePrivacy'],
      evidence: { cookieName: 'x\0', setterChain: ['shop.example', 'a.example/tag.js'], facts: ['One'] },
      ...change,
    });
  }

  it('comes back as it was stored, page by page, the gravest first', async () => {
    const id = await finishedScan();
    const judged = [
      found({ severity: 'low', subject: 'a' }),
      found({ severity: 'critical', subject: 'b' }),
      found({ severity: 'high', ruleId: 'gpc-ignored', subject: 'c' }),
      found({ severity: 'high', ruleId: 'cname-cloaking', subject: 'd' }),
    ];
    await findings.replaceForScan(id, judged.map(newFinding));
    const first = await findings.listOfScan(id, { cursor: null, limit: 3 });
    const second = await findings.listOfScan(id, { cursor: first.nextCursor, limit: 3 });
    const items = [...first.items, ...second.items];
    expect(items.map(({ subject }) => subject)).toEqual(['b', 'd', 'c', 'a']);
    expect(items[0]).toMatchObject({ ...judged[1], scanId: id, state: 'open', stateReason: null });
    expect(second.nextCursor).toBeNull();
  });

  it('keeps what people decided when it is judged again', async () => {
    const id = await finishedScan();
    await findings.replaceForScan(id, [newFinding(found({})), newFinding(found({ subject: 'gone' }))]);
    const { items: before } = await findings.listOfScan(id, { cursor: null, limit: 9 });
    const kept = before.find(({ subject }) => subject === 'x')?.id ?? '';
    await findings.decide(kept, { state: 'accepted', reason: 'ours' }, { actorKind: 'system' });
    await findings.replaceForScan(id, [newFinding(found({ severity: 'medium' }))]);
    expect((await findings.listOfScan(id, { cursor: null, limit: 9 })).items).toMatchObject([
      { id: kept, severity: 'medium', state: 'accepted', stateReason: 'ours', subject: 'x' },
    ]);
  });

  it('is born with what was decided about it in an earlier scan of the site, unless it was resolved', async () => {
    const decide = async (scanId: string, state: FindingState, at: number): Promise<void> => {
      const { items } = await findings.listOfScan(scanId, { cursor: null, limit: 9 });
      const decision = { state, reason: state };
      await findings.decide(items[at]?.id ?? '', decision, { actorKind: 'system' });
    };
    const judged = [newFinding(found({ subject: 'risk' })), newFinding(found({ subject: 'mended' }))];
    const first = await finishedScan();
    await findings.replaceForScan(first, judged);
    const order = (await findings.listOfScan(first, { cursor: null, limit: 9 })).items.map(
      (one) => one.subject,
    );
    await decide(first, 'acknowledged', order.indexOf('risk'));
    await decide(first, 'accepted', order.indexOf('risk'));
    await decide(first, 'resolved', order.indexOf('mended'));

    const second = await finishedScan();
    await findings.replaceForScan(second, judged);
    const states = (await findings.listOfScan(second, { cursor: null, limit: 9 })).items.map(
      ({ subject, state, stateReason }) => [subject, state, stateReason],
    );
    expect(states).toEqual(
      expect.arrayContaining([
        ['risk', 'accepted', 'accepted'],
        ['mended', 'open', null],
      ]),
    );
    const elsewhere = await finishedScan('https://other.example/');
    await findings.replaceForScan(elsewhere, judged);
    for (const { state } of (await findings.listOfScan(elsewhere, { cursor: null, limit: 9 })).items)
      expect(state).toBe('open');
  });

  it('remembers what each cookie was held to be for, and the metrics', async () => {
    const id = await finishedScan();
    const classifications = [
      cookieClassificationSchema.parse({
        category: 'analytics',
        source: 'exact_entry',
        confidence: 'medium',
        vendor: 'Vendor',
        basis: '2026.1',
        provenance: { entry: 'own:a', corroboratedBy: 'setter' },
      }),
      cookieClassificationSchema.parse({
        category: 'unclassified',
        source: 'none',
        confidence: null,
        vendor: null,
        basis: null,
        provenance: {},
      }),
    ];
    expect(await scans.classificationsOf(id)).toEqual([null, null]);
    await scans.classifyCookies(
      id,
      classifications.map((classification, position) => ({ position, classification })),
    );
    expect(await scans.classificationsOf(id)).toEqual(classifications);

    expect(await scans.analysisOf(id)).toEqual({ metrics: null, knowledgeVersion: null });
    const metrics = complianceMetricsSchema.parse({
      scanId: id,
      score: 90,
      confidence: 'medium',
      confidenceReasons: ['Because.'],
      deductions: [{ ruleId: 'cookie-before-consent', points: 10, explanation: 'One.' }],
      findingsBySeverity: { info: 0, low: 0, medium: 0, high: 1, critical: 0 },
      cookiesByCategory: { necessary: 0, functional: 0, analytics: 1, marketing: 0, unclassified: 1 },
      cookiesBeforeConsent: 1,
      cookiesAfterReject: 0,
    });
    expect(await scans.recordAnalysis(id, { metrics, knowledgeVersion: '2026.1' })).toBe(true);
    expect(await scans.analysisOf(id)).toEqual({ metrics, knowledgeVersion: '2026.1' });
  });

  it('is nothing for a scan that does not exist', async () => {
    const id = randomUUID();
    expect(await scans.analysisOf(id)).toBeNull();
    expect(await scans.classificationsOf(id)).toEqual([]);
    expect(await findings.listOfScan(id, { cursor: null, limit: 9 })).toEqual({
      items: [],
      nextCursor: null,
    });
  });
});

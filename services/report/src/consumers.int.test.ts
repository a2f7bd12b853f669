import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rm, writeFile } from 'node:fs/promises';
import { savedObservation } from '@cookie-scanner/analysis/testing';
import type { ReportFormat } from '@cookie-scanner/contracts';
import { DEFAULT_WORKSPACE_ID, type Report } from '@cookie-scanner/database';
import { openPlatform, type PlatformUnderTest } from './platform.test.fixture.ts';

describe('the report service', () => {
  let platform: PlatformUnderTest;

  beforeAll(async () => {
    platform = await openPlatform();
  });
  afterAll(() => platform.close());

  async function reportOf(scanId: string, format: ReportFormat): Promise<Report> {
    const report = await platform.reports.findByScan(scanId, format);
    if (!report) throw new Error(`scan ${scanId} has no ${format} report`);
    return report;
  }

  const areSettled = (scanId: string) => async (): Promise<boolean> => {
    const reports = (await platform.scans.find(scanId))?.reports ?? [];
    return reports.length > 0 && reports.every(({ state }) => state !== 'queued');
  };

  const eventsOf = (scanId: string): Promise<unknown[]> =>
    platform.database.sql(
      `SELECT id FROM outbox_events WHERE queue = 'send-notification' AND payload->>'scanId' = $1`,
      [scanId],
    );

  it('turns a finished scan into one HTML and one JSON report, and tells that it is over, once', async () => {
    const scanId = await platform.finishScan(savedObservation('shop'));
    await platform.relayUntil(areSettled(scanId));

    const html = await reportOf(scanId, 'html');
    const json = await reportOf(scanId, 'json');
    expect([html.state, json.state]).toEqual(['ready', 'ready']);
    expect(html.artifact?.key).toBe(`reports/${scanId}/${html.id}.html`);
    expect(json.artifact?.key).toBe(`reports/${scanId}/${json.id}.json`);

    const page = await platform.artifacts.get(html.artifact?.key ?? '', html.artifact ?? undefined);
    expect(page.toString()).toContain('12 cookies were found on www.lumen-garden.example');
    const document: unknown = JSON.parse((await platform.artifacts.get(json.artifact?.key ?? '')).toString());
    expect(document).toMatchObject({
      reportVersion: 1,
      scan: { id: scanId },
      summary: { counts: { cookies: 12 } },
    });
    expect(await eventsOf(scanId)).toHaveLength(1);
  });

  it('notes what each cookie is for before there are reports, by what the workspace decided first', async () => {
    const cookies = { name: '_vc_', match: 'prefix', domain: 'lumen-garden.example' } as const;
    const decision = { category: 'analytics', reason: 'Our own counter.' } as const;
    await platform.overrides.put(
      { workspaceId: DEFAULT_WORKSPACE_ID, ...cookies, ...decision },
      { actorKind: 'system' },
    );
    const scanId = await platform.finishScan(savedObservation('shop'));
    await platform.relayUntil(areSettled(scanId));

    const page = await platform.scans.listCookies(scanId, { cursor: null, limit: 100 });
    const byName = new Map(page?.items.map(({ name, classification }) => [name, classification]));
    expect(byName.size).toBe(12);
    expect([...byName.values()]).not.toContain(null);
    const stored = await platform.scans.listStorage(scanId, { cursor: null, limit: 100 });
    expect(stored?.items.length).toBe(savedObservation('shop').storage.length);
    expect(stored?.items.map(({ classification }) => classification)).not.toContain(null);
    expect(byName.get('session_id')).toMatchObject({ category: 'necessary', source: 'exact_entry' });
    expect(byName.get('_vc_id')).toMatchObject({
      category: 'analytics',
      source: 'override',
      provenance: {
        override: { reason: 'Our own counter.' },
        filterRules: [{ list: 'privacy.txt', rule: '||visitcount.example^$third-party' }],
      },
    });
  });

  it('judges a scan again when it is asked to, with what was decided since, and makes its reports anew', async () => {
    const scanId = await platform.finishScan(savedObservation('shop'));
    await platform.relayUntil(areSettled(scanId));
    const before = await reportOf(scanId, 'html');
    const { items } = await platform.findings.listOfScan(scanId, { cursor: null, limit: 1 });
    const decision = { state: 'accepted', reason: 'Until the relaunch' } as const;
    await platform.findings.decide(items[0]?.id ?? '', decision, { actorKind: 'system' });

    expect(await platform.scans.judgeAgain(scanId, { actorKind: 'system' })).toBe(true);
    await platform.relayUntil(areSettled(scanId));
    const after = await reportOf(scanId, 'html');
    expect(after.id).toBe(before.id);
    expect(after.artifact?.sha256).not.toBe(before.artifact?.sha256);
    const page = await platform.artifacts.get(after.artifact?.key ?? '', after.artifact ?? undefined);
    expect(page.toString()).toContain('Until the relaunch');
  });

  it('does nothing twice when its jobs are delivered twice', async () => {
    const scanId = await platform.finishScan(savedObservation('deadline'));
    await platform.deliverAgain('analyse-scan', { scanId });
    await platform.relayUntil(areSettled(scanId));
    const before = await reportOf(scanId, 'html');

    await platform.deliverAgain('build-report', { reportId: before.id });
    const later = await platform.finishScan(savedObservation('quiet'));
    await platform.relayUntil(areSettled(later));

    expect(await reportOf(scanId, 'html')).toEqual(before);
    expect((await platform.scans.find(scanId))?.reports).toHaveLength(2);
    expect(await eventsOf(scanId)).toHaveLength(1);
  });

  it.each([
    ['is missing', (path: string) => rm(path), /missing/],
    ['was changed', (path: string) => writeFile(path, 'something else'), /SHA-256/],
  ])('fails the reports of a scan whose observation %s, with the reason', async (_what, damage, reason) => {
    const scanId = await platform.finishScan(savedObservation('shop'));
    const artifact = await platform.scans.observationArtifact(scanId);
    await damage(platform.artifacts.path(artifact?.key ?? ''));
    await platform.relayUntil(areSettled(scanId));

    for (const format of ['html', 'json'] as const) {
      const report = await reportOf(scanId, format);
      expect(report).toMatchObject({
        state: 'failed',
        failureReason: expect.stringMatching(reason),
        artifact: null,
      });
    }
    expect(await eventsOf(scanId)).toHaveLength(1);
  });

  it('makes reports of hostile content that contain it as text only', async () => {
    const scanId = await platform.finishScan(savedObservation('hostile'));
    await platform.relayUntil(areSettled(scanId));
    const { artifact } = await reportOf(scanId, 'html');
    const page = (await platform.artifacts.get(artifact?.key ?? '')).toString();
    expect(page).not.toContain('<script');
    expect(page).toContain('&lt;script&gt;');
  });
});

import { savedObservation } from '@cookie-scanner/analysis/testing';
import type { BaselineJudgement, Finding, ScanResult, SiteObservation } from '@cookie-scanner/contracts';
import { sampleCookie, sampleObservation } from '@cookie-scanner/contracts/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordingTerminal } from '../testing/recording-terminal.ts';
import type { CommandContext } from '../command-context.ts';
import { reportScan } from '../result/report-scan.ts';
import type { FinishedScan } from '../result/scan-output.ts';
import { verdictOf } from '../result/verdict.test.fixture.ts';
import { baselineText } from './baseline-text.ts';
import { readBaselineFile, type BaselineFile } from './baseline-file.ts';
import { approvalsIn, baselineTextOf, judgeFinishedScan } from './scan-baseline.ts';

const NOW = Date.parse('2026-12-01T00:00:00Z');
const SAVED = { url: 'https://shop.example/', savedAt: '2026-11-30T00:00:00.000Z', approvals: [] };
const SUBJECT = '["_fbp","shop.example","/",null]';
let folder: string;
let path: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'baseline-'));
  path = join(folder, 'baseline.json');
});
afterAll(() => rmSync(folder, { recursive: true }));

function scanOf(observation: SiteObservation, status: ScanResult['status'] = 'success'): FinishedScan {
  const scan = { status, statusReason: null } as ScanResult;
  return { scan, observation, cookies: [], verdict: verdictOf(observation), reports: [], files: [] };
}
const seen = (...names: string[]): FinishedScan =>
  scanOf(sampleObservation(names.map((name) => sampleCookie({ name }))));

function saved(finished: FinishedScan, approvals: BaselineFile['approvals'] = []): BaselineFile {
  writeFileSync(path, baselineTextOf(finished, { ...SAVED, approvals }) ?? '');
  return readBaselineFile(path);
}
function judged(finished: FinishedScan, baseline: BaselineFile, failOn: Finding['severity'] | null = null) {
  const judgement = judgeFinishedScan(finished, baseline, { now: NOW, failOn });
  if (!judgement) throw new Error('nobody looked');
  return judgement;
}
function exitCodeOf(finished: FinishedScan, judgement: BaselineJudgement): Promise<number> {
  const context = { terminal: recordingTerminal(), workingDir: folder } as unknown as CommandContext;
  return reportScan(finished, { json: true, failOn: 'low', baseline: { judgement, path } }, context);
}

describe('a baseline in a file', () => {
  it('finds nothing new in the scan it was saved from, whatever was wrong with the site then', async () => {
    const shop = scanOf(savedObservation('shop'));
    const judgement = judged(shop, saved(shop));
    expect(judgement).toMatchObject({ isInOrder: true, cookies: [], findings: [] });
    expect(await exitCodeOf(shop, judgement)).toBe(0);
  });

  it('ends a build with exit code 2 at what is new, and says what to write to answer for it', async () => {
    const later = seen('PHPSESSID', '_fbp');
    const judgement = judged(later, saved(seen('PHPSESSID')));
    expect(await exitCodeOf(later, judgement)).toBe(2);
    const text = baselineText(judgement, 'b.json');
    expect(text).toMatch(/^Not in b\.json: 1 cookie and 1 finding\.\n {2}new cookie _fbp of shop\.example/);
    expect(text).toContain(`    subject: ${JSON.stringify(SUBJECT)}`);
  });

  it.each([
    ['2026-12-24T00:00:00Z', 0],
    ['2026-12-24T00:00:00+01:00', 0],
    ['2026-11-30T00:00:00Z', 2],
  ])('takes an approval until %s: exit code %i', async (expiresAt, exitCode) => {
    const approval = { subject: SUBJECT, owner: 'Web team', reason: 'A test', expiresAt };
    const later = seen('PHPSESSID', '_fbp');
    const judgement = judged(later, saved(seen('PHPSESSID'), [approval]));
    expect(await exitCodeOf(later, judgement)).toBe(exitCode);
    expect(baselineText(judgement, 'b')).toMatch(
      exitCode === 2 ? /approved until 2026-11-30 by Web team: A test/ : /2 more deviations approved/,
    );
    expect(approvalsIn(path)).toEqual([approval]);
  });

  it('counts new findings from --fail-on', () => {
    const later = seen('_ga');
    const baseline = { ...saved(later), findings: [] };
    expect(judged(later, baseline, 'high').isInOrder).toBe(false);
    expect(judged(later, baseline, 'critical').isInOrder).toBe(true);
  });

  it('is not made of a scan that did not see the site', () => {
    expect(baselineTextOf(scanOf(savedObservation('unreachable'), 'failed'), SAVED)).toBeNull();
    expect(baselineTextOf({ ...seen('a'), observation: null }, SAVED)).toBeNull();
  });

  it('says what is wrong with a file that is none', () => {
    expect(() => readBaselineFile(join(folder, 'missing.json'))).toThrow(/cannot be read; make it first/);
    writeFileSync(path, '{');
    expect(() => readBaselineFile(path)).toThrow(/is not JSON/);
    writeFileSync(path, '{"version": 1, "cookies": []}');
    expect(() => approvalsIn(path)).toThrow(/not a baseline that --save-baseline wrote: url: /);
  });
});

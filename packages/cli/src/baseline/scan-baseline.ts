import { baselineContent, classifiedScan, judgeAgainstBaseline } from '@cookie-scanner/analysis';
import type { BaselineJudgement, Cookie, Severity } from '@cookie-scanner/contracts';
import { existsSync } from 'node:fs';
import type { FinishedScan } from '../result/scan-output.ts';
import { baselineFileText, readBaselineFile, type BaselineFile } from './baseline-file.ts';

/** Holds a finished scan against a baseline; null when no browser looked. */
export function judgeFinishedScan(
  finished: FinishedScan,
  baseline: BaselineFile,
  options: { readonly now: number; readonly failOn: Severity | null },
): BaselineJudgement | null {
  const scan = judged(finished);
  if (scan === null) return null;
  const { now, failOn } = options;
  return judgeAgainstBaseline(scan, baseline, baseline.approvals, {
    now,
    ...(failOn === null ? {} : { failOn }),
  });
}

/** The file that makes a finished scan the baseline; null when the scan saw no site. Approvals are taken over. */
export function baselineTextOf(
  finished: FinishedScan,
  { url, savedAt, approvals }: Pick<BaselineFile, 'url' | 'savedAt' | 'approvals'>,
): string | null {
  const { status } = finished.scan;
  const scan = judged(finished);
  if (scan === null || (status !== 'success' && status !== 'partial')) return null;
  return baselineFileText({ version: 1, url, savedAt, ...baselineContent(scan), approvals });
}

/**
 * What people approved in the file that is about to be written again.
 *
 * @throws AppError INPUT_INVALID when there is a file and it is no baseline: that is not ours to write over
 */
export function approvalsIn(path: string): BaselineFile['approvals'] {
  return existsSync(path) ? readBaselineFile(path).approvals : [];
}

function judged({ observation, cookies, verdict }: FinishedScan) {
  if (observation === null) return null;
  const found = new Map(cookies.map((cookie) => [keyOf(cookie), cookie.classification]));
  return classifiedScan(observation, {
    classifications: observation.cookies.map((cookie) => found.get(keyOf(cookie)) ?? null),
    findings: verdict.items,
  });
}

/** What tells cookies of one jar apart. */
function keyOf(cookie: Pick<Cookie, 'name' | 'domain' | 'path' | 'partitionKey'>): string {
  return JSON.stringify([cookie.name, cookie.domain, cookie.path, cookie.partitionKey]);
}

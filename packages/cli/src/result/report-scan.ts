import { counted } from '@cookie-scanner/analysis';
import {
  isTerminalStatus,
  type BaselineJudgement,
  type ScanResult,
  type Severity,
} from '@cookie-scanner/contracts';
import { EXIT_CODES } from '@cookie-scanner/local-stack';
import { relative } from 'node:path';
import { baselineText } from '../baseline/baseline-text.ts';
import type { CommandContext } from '../command-context.ts';
import { failingFindings } from './findings-text.ts';
import { headline, scanJson, scanText, type FinishedScan } from './scan-output.ts';

/** How the result of a scan is shown, and what makes it a failure. */
export interface ScanDemands {
  readonly json: boolean;
  /** Null when no finding is a failure. */
  readonly failOn: Severity | null;
  /** How the scan stands against a baseline, and its file as it was given; null without one. */
  readonly baseline: { readonly judgement: BaselineJudgement; readonly path: string } | null;
}

/**
 * Prints a finished scan and says with which exit code that ends. With a baseline, what it does not have is a failure;
 * without one, findings from a severity on.
 */
export async function reportScan(
  finished: FinishedScan,
  { json, failOn, baseline }: ScanDemands,
  { terminal, workingDir }: CommandContext,
): Promise<number> {
  const failing = failOn === null || baseline !== null ? [] : failingFindings(finished.verdict.items, failOn);
  const isFailure = failing.length > 0 || baseline?.judgement.isInOrder === false;
  const exitCode = exitCodeFor(finished.scan, isFailure);
  if (json) {
    await terminal.out(scanJson(finished, baseline?.judgement ?? null));
    // Programs read the document; people who look on still learn why it is a failure.
    if (exitCode !== EXIT_CODES.ok && exitCode !== EXIT_CODES.findings)
      terminal.err(`${headline(finished)}\n`);
  } else {
    await terminal.out(scanText(pathsFrom(workingDir, finished), terminal.widthMax));
  }
  if (baseline && (!json || isFailure)) {
    terminal.err(`${baselineText(baseline.judgement, baseline.path)}\n`);
  }
  if (exitCode === EXIT_CODES.findings) terminal.err(`${failText(failing.length, failOn)}\n`);
  return exitCode;
}

function pathsFrom(folder: string, finished: FinishedScan): FinishedScan {
  const fromHere = <T extends { readonly path: string }>(saved: T): T => ({
    ...saved,
    path: relative(folder, saved.path),
  });
  return { ...finished, reports: finished.reports.map(fromHere), files: finished.files.map(fromHere) };
}

function failText(count: number, failOn: Severity | null): string {
  const what =
    count === 0
      ? 'The site has what its baseline does not have'
      : `${counted(count, 'finding')} of severity ${failOn ?? ''} or above`;
  return `${what}: exit code ${EXIT_CODES.findings}.`;
}

function exitCodeFor({ status, statusReason }: ScanResult, isFailure: boolean): number {
  if (status === 'success' || status === 'partial') {
    return isFailure ? EXIT_CODES.findings : EXIT_CODES.ok;
  }
  if (!isTerminalStatus(status) || statusReason === 'worker_crashed') return EXIT_CODES.internal;
  return EXIT_CODES.siteFailed;
}

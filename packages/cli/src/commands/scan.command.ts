import { counted } from '@cookie-scanner/analysis';
import { loadConfig, scanTargetConfig } from '@cookie-scanner/config';
import {
  isTerminalStatus,
  type CreateScanBody,
  type ScanResult,
  type Severity,
} from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import { EXIT_CODES, useLocalStack } from '@cookie-scanner/local-stack';
import { parseScanUrl } from '@cookie-scanner/url-policy';
import { accessSync, constants } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { followScan } from '../client/follow-scan.ts';
import { gatewayClient, type GatewayClient } from '../client/gateway-client.ts';
import type { CommandContext } from '../command-context.ts';
import { failingFindings } from '../result/findings-text.ts';
import { progressText } from '../result/progress-text.ts';
import { saveFiles } from '../result/save-files.ts';
import { saveReports } from '../result/save-reports.ts';
import { headline, scanJson, scanText, type FinishedScan } from '../result/scan-output.ts';
import { sarifLog } from '../result/sarif.ts';
import { tellFirstAdmin } from '../result/first-admin-text.ts';
import { liveStatus, type LiveStatus } from '../terminal/live-status.ts';

/** Options of `scan`, as given. */
export interface ScanCommandOptions extends Omit<CreateScanBody, 'url'> {
  readonly json: boolean;
  /** Exit code 2 when an open finding is at least this grave. */
  readonly failOn?: Severity;
  /** File for the findings as SARIF. */
  readonly sarif?: string;
}

/**
 * Scans one site through the whole platform, as any client of its API would, and prints what was found.
 *
 * @returns exit code
 * @throws AppError URL_INVALID, ADDRESS_NOT_ALLOWED before anything is started
 */
export async function scanCommand(
  text: string,
  options: ScanCommandOptions,
  context: CommandContext,
): Promise<number> {
  const { rootDir, dataDir, environment, terminal, interruptions } = context;
  const { target } = loadConfig({ target: scanTargetConfig }, environment, rootDir);
  const url = parseScanUrl(text, target);

  const { json, failOn, sarif, ...params } = options;
  const sarifPath = sarif === undefined ? null : resolve(context.workingDir, sarif);
  if (sarifPath !== null) assertCanWrite(sarifPath);
  const status = liveStatus(terminal);
  try {
    const stack = await useLocalStack({
      purpose: 'scan',
      rootDir,
      dataDir,
      environment,
      onProgress: (phrase) => status.show(phrase),
      signal: interruptions.first,
    });
    try {
      status.clear();
      tellFirstAdmin(stack, terminal);
      const client = gatewayClient(stack, interruptions.first);
      const finished = await runScan(client, url, params, context, status);
      status.clear();
      if (sarifPath !== null) await writeFile(sarifPath, sarifOf(finished, url));
      return await report(finished, { json, failOn: failOn ?? null }, context);
    } finally {
      if (stack.isOwner) status.show('Stopping the platform');
      await stack.release(interruptions.second);
    }
  } finally {
    status.clear();
  }
}

async function runScan(
  client: GatewayClient,
  url: URL,
  params: Omit<CreateScanBody, 'url'>,
  { workingDir, interruptions }: CommandContext,
  status: LiveStatus,
): Promise<FinishedScan> {
  status.show(`Submitting ${url.host}`);
  const { id } = await client.submit({ ...params, url: url.href });
  const scan = await followScan(client, id, {
    onProgress: (progress) => status.show(progressText(progress)),
    signal: interruptions.first,
  });
  const folder = join(workingDir, 'reports');
  const now = Date.now();
  const [cookies, observation, verdict, reports, files] = await Promise.all([
    client.cookies(id),
    client.observation(id),
    client.findings(id),
    saveReports(client, scan, folder, now),
    saveFiles(client, scan, folder, now),
  ]);
  return { scan, cookies, observation, verdict, reports, files };
}

async function report(
  finished: FinishedScan,
  { json, failOn }: { readonly json: boolean; readonly failOn: Severity | null },
  { terminal, workingDir }: CommandContext,
): Promise<number> {
  const failing = failOn === null ? [] : failingFindings(finished.verdict.items, failOn);
  const exitCode = exitCodeFor(finished.scan, failing.length);
  if (json) {
    await terminal.out(scanJson(finished));
    // Programs read the document; people who look on still learn why it is a failure.
    if (exitCode !== EXIT_CODES.ok && exitCode !== EXIT_CODES.findings)
      terminal.err(`${headline(finished)}\n`);
    if (exitCode === EXIT_CODES.findings) terminal.err(`${failText(failing.length, failOn)}\n`);
    return exitCode;
  }
  const fromHere = <T extends { readonly path: string }>(saved: T): T => ({
    ...saved,
    path: relative(workingDir, saved.path),
  });
  const shown = {
    ...finished,
    reports: finished.reports.map(fromHere),
    files: finished.files.map(fromHere),
  };
  await terminal.out(scanText(shown, terminal.widthMax));
  if (exitCode === EXIT_CODES.findings) terminal.err(`${failText(failing.length, failOn)}\n`);
  return exitCode;
}

function failText(count: number, failOn: Severity | null): string {
  return `${counted(count, 'finding')} of severity ${failOn ?? ''} or above: exit code ${EXIT_CODES.findings}.`;
}

function sarifOf({ scan, verdict }: FinishedScan, url: URL): string {
  return sarifLog(verdict.items, {
    siteUrl: scan.finalUrl ?? url.href,
    knowledgeVersion: verdict.knowledgeVersion,
    startedAt: scan.startedAt,
    finishedAt: scan.finishedAt,
  });
}

/** Before a minute of scanning ends in "no such folder". */
function assertCanWrite(path: string): void {
  try {
    accessSync(dirname(path), constants.W_OK);
  } catch (error) {
    const message = `${path} cannot be written; give a file in a folder that exists as --sarif.`;
    throw new AppError('INPUT_INVALID', message, {}, { cause: error });
  }
}

function exitCodeFor({ status, statusReason }: ScanResult, failingFindings: number): number {
  if (status === 'success' || status === 'partial') {
    return failingFindings > 0 ? EXIT_CODES.findings : EXIT_CODES.ok;
  }
  if (!isTerminalStatus(status) || statusReason === 'worker_crashed') return EXIT_CODES.internal;
  return EXIT_CODES.siteFailed;
}

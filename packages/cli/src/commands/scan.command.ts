import { loadConfig, scanTargetConfig } from '@cookie-scanner/config';
import { isTerminalStatus, type CreateScanBody, type ScanResult } from '@cookie-scanner/contracts';
import { EXIT_CODES, useLocalStack } from '@cookie-scanner/local-stack';
import { parseScanUrl } from '@cookie-scanner/url-policy';
import { join, relative } from 'node:path';
import { followScan } from '../client/follow-scan.ts';
import { gatewayClient, type GatewayClient } from '../client/gateway-client.ts';
import type { CommandContext } from '../command-context.ts';
import { progressText } from '../result/progress-text.ts';
import { saveReports } from '../result/save-reports.ts';
import { headline, scanJson, scanText, type FinishedScan } from '../result/scan-output.ts';
import { liveStatus, type LiveStatus } from '../terminal/live-status.ts';

/** Options of `scan`, as given. */
export interface ScanCommandOptions extends Omit<CreateScanBody, 'url'> {
  readonly json: boolean;
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

  const { json, ...params } = options;
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
      const client = gatewayClient(stack.gatewayUrl, interruptions.first);
      const finished = await runScan(client, url, params, context, status);
      status.clear();
      return await report(finished, { json }, context);
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
  const [cookies, observation, reports] = await Promise.all([
    client.cookies(id),
    client.observation(id),
    saveReports(client, scan, join(workingDir, 'reports'), Date.now()),
  ]);
  return { scan, cookies, observation, reports };
}

async function report(
  finished: FinishedScan,
  { json }: ScanCommandOptions,
  { terminal, workingDir }: CommandContext,
): Promise<number> {
  const exitCode = exitCodeFor(finished.scan);
  if (json) {
    await terminal.out(scanJson(finished));
    // Programs read the document; people who look on still learn why it is a failure.
    if (exitCode !== EXIT_CODES.ok) terminal.err(`${headline(finished)}\n`);
    return exitCode;
  }
  const reports = finished.reports.map((saved) => ({ ...saved, path: relative(workingDir, saved.path) }));
  await terminal.out(scanText({ ...finished, reports }, terminal.widthMax));
  return exitCode;
}

function exitCodeFor({ status, statusReason }: ScanResult): number {
  if (status === 'success' || status === 'partial') return EXIT_CODES.ok;
  if (!isTerminalStatus(status) || statusReason === 'worker_crashed') return EXIT_CODES.internal;
  return EXIT_CODES.siteFailed;
}

import { loadConfig, scanTargetConfig } from '@cookie-scanner/config';
import type { CreateScanBody, ScanParamsInput, Severity } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import { useLocalStack } from '@cookie-scanner/local-stack';
import { parseScanUrl } from '@cookie-scanner/url-policy';
import { accessSync, constants } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { readBaselineFile, type BaselineFile } from '../baseline/baseline-file.ts';
import { approvalsIn, baselineTextOf, judgeFinishedScan } from '../baseline/scan-baseline.ts';
import { followScan } from '../client/follow-scan.ts';
import { gatewayClient, type GatewayClient } from '../client/gateway-client.ts';
import type { CommandContext } from '../command-context.ts';
import { readProfile } from '../profile-file.ts';
import { progressText } from '../result/progress-text.ts';
import { reportScan, type ScanDemands } from '../result/report-scan.ts';
import { saveFiles } from '../result/save-files.ts';
import { saveReports } from '../result/save-reports.ts';
import type { FinishedScan } from '../result/scan-output.ts';
import { sarifLog } from '../result/sarif.ts';
import { tellFirstAdmin } from '../result/first-admin-text.ts';
import { liveStatus, type LiveStatus } from '../terminal/live-status.ts';

/** Options of `scan`, as given. */
export interface ScanCommandOptions extends ScanParamsInput {
  readonly json: boolean;
  /** Exit code 2 when an open finding is at least this grave. */
  readonly failOn?: Severity;
  /** File for the findings as SARIF. */
  readonly sarif?: string;
  /** File of a baseline: exit code 2 when something is there that it does not have. */
  readonly baseline?: string;
  /** File that becomes the baseline of later scans. */
  readonly saveBaseline?: string;
  /** File with parameters and what opens the site; the options of the command line stand before it. */
  readonly profile?: string;
}

interface BaselineFiles {
  readonly from: { readonly path: string; readonly file: BaselineFile } | null;
  readonly target: { readonly path: string; readonly approvals: BaselineFile['approvals'] } | null;
}

/**
 * Scans one site through the whole platform, as any client of its API would, and prints what was found.
 *
 * @returns exit code
 * @throws AppError URL_INVALID, ADDRESS_NOT_ALLOWED, INPUT_INVALID before anything is started
 */
export async function scanCommand(
  text: string,
  options: ScanCommandOptions,
  context: CommandContext,
): Promise<number> {
  const { rootDir, dataDir, environment, terminal, interruptions } = context;
  const { target } = loadConfig({ target: scanTargetConfig }, environment, rootDir);
  const url = parseScanUrl(text, target);

  const { json, failOn = null, sarif, baseline, saveBaseline, profile, ...given } = options;
  const { params, access } = await readProfile(profile, given, context);
  const sarifPath = sarif === undefined ? null : resolve(context.workingDir, sarif);
  if (sarifPath !== null) assertCanWrite(sarifPath, '--sarif');
  const baselines = baselineFiles({ baseline, saveBaseline }, context.workingDir);
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
      const finished = await runScan(
        client,
        { ...params, url: url.href, ...(access && { access }) },
        context,
        status,
      );
      status.clear();
      if (sarifPath !== null) await writeFile(sarifPath, sarifOf(finished, url));
      const judged = judgedAgainst(baselines.from, finished, failOn);
      const exitCode = await reportScan(finished, { json, failOn, baseline: judged }, context);
      if (baselines.target !== null) await writeBaseline(finished, url, baselines.target, context);
      return exitCode;
    } finally {
      if (stack.isOwner) status.show('Stopping the platform');
      await stack.release(interruptions.second);
    }
  } finally {
    status.clear();
  }
}

function judgedAgainst(
  from: BaselineFiles['from'],
  finished: FinishedScan,
  failOn: Severity | null,
): ScanDemands['baseline'] {
  if (from === null) return null;
  const judgement = judgeFinishedScan(finished, from.file, { now: Date.now(), failOn });
  return judgement && { judgement, path: from.path };
}

async function runScan(
  client: GatewayClient,
  body: CreateScanBody,
  { workingDir }: CommandContext,
  status: LiveStatus,
): Promise<FinishedScan> {
  status.show(`Submitting ${new URL(body.url).host}`);
  const { id } = await client.submit(body);
  const scan = await followScan(client, id, (progress) => status.show(progressText(progress)));
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

function sarifOf({ scan, verdict }: FinishedScan, url: URL): string {
  return sarifLog(verdict.items, {
    siteUrl: scan.finalUrl ?? url.href,
    knowledgeVersion: verdict.knowledgeVersion,
    startedAt: scan.startedAt,
    finishedAt: scan.finishedAt,
  });
}

/** The files of baselines that a scan is to be held against and to make. */
function baselineFiles(
  {
    baseline,
    saveBaseline,
  }: { readonly baseline: string | undefined; readonly saveBaseline: string | undefined },
  workingDir: string,
): BaselineFiles {
  const target = saveBaseline === undefined ? null : resolve(workingDir, saveBaseline);
  if (target !== null) assertCanWrite(target, '--save-baseline');
  return {
    from:
      baseline === undefined
        ? null
        : { path: baseline, file: readBaselineFile(resolve(workingDir, baseline)) },
    target: target === null ? null : { path: target, approvals: approvalsIn(target) },
  };
}

/** Writes the new baseline, or says why not. */
async function writeBaseline(
  finished: FinishedScan,
  url: URL,
  { path, approvals }: NonNullable<BaselineFiles['target']>,
  { terminal, workingDir }: CommandContext,
): Promise<void> {
  const savedAt = new Date().toISOString();
  const text = baselineTextOf(finished, { url: url.href, savedAt, approvals });
  const shown = relative(workingDir, path);
  if (text !== null) await writeFile(path, text);
  terminal.err(
    text === null
      ? `${shown} was not written: the scan did not see the site.\n`
      : `Baseline: ${shown}${finished.scan.status === 'partial' ? ', of a scan that is incomplete' : ''}\n`,
  );
}

/** Before a minute of scanning ends in "no such folder". */
function assertCanWrite(path: string, option: string): void {
  try {
    accessSync(dirname(path), constants.W_OK);
  } catch (error) {
    const message = `${path} cannot be written; give a file in a folder that exists as ${option}.`;
    throw new AppError('INPUT_INVALID', message, {}, { cause: error });
  }
}

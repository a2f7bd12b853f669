import { addressesOf, type ClassifyOptions } from '@cookie-scanner/analysis';
import { openArtifactStore } from '@cookie-scanner/artifacts';
import { classificationConfig, loadConfig } from '@cookie-scanner/config';
import type { SiteObservation } from '@cookie-scanner/contracts';
import {
  categoryOverrideRepository,
  findingRepository,
  openDatabase,
  scanRepository,
} from '@cookie-scanner/database';
import { AppError } from '@cookie-scanner/errors';
import { loadFilterLists } from '@cookie-scanner/filter-lists';
import { loadKnowledge, loadPurposeModel } from '@cookie-scanner/knowledge';
import { EXIT_CODES, useLocalStack } from '@cookie-scanner/local-stack';
import { silentLogger } from '@cookie-scanner/observability';
import { accessSync, constants, createReadStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import type { CommandContext } from '../command-context.ts';
import type { JudgedLine } from '../reanalyse/judged-line.ts';
import { readEarlier, reanalyseLines } from '../reanalyse/reanalyse-file.ts';
import { reanalyseScans } from '../reanalyse/reanalyse-scans.ts';
import { reanalysisSummary, type ReanalysisSummary } from '../reanalyse/reanalysis-summary.ts';
import { liveStatus, type LiveStatus } from '../terminal/live-status.ts';

/** Names standard input or output in place of a file. */
const STANDARD_STREAM = '-';

/** Options of `reanalyse`, as given. */
export interface ReanalyseCommandOptions {
  readonly input?: string;
  readonly output?: string;
}

/**
 * Judges what was scanned before with what is known today: the lines of a crawl, or the scans of the platform, whose
 * findings and metrics it replaces. Visits no site.
 *
 * @returns exit code
 */
export async function reanalyseCommand(
  options: ReanalyseCommandOptions,
  context: CommandContext,
): Promise<number> {
  const { terminal } = context;
  const status = liveStatus(terminal);
  const summary = reanalysisSummary();
  try {
    await (options.input === undefined
      ? reanalysePlatform(options, context, summary, status)
      : reanalyseInput(options.input, options, context, summary, status));
  } finally {
    status.clear();
  }
  terminal.err(summary.text());
  return EXIT_CODES.ok;
}

async function reanalyseInput(
  input: string,
  options: ReanalyseCommandOptions,
  context: CommandContext,
  summary: ReanalysisSummary,
  status: LiveStatus,
): Promise<void> {
  const { workingDir } = context;
  const source = input === STANDARD_STREAM ? process.stdin : readable(resolve(workingDir, input));
  const outputPath = filePath(options.output ?? STANDARD_STREAM, workingDir);
  const earlier =
    outputPath === null ? new Map<string, JudgedLine['categories']>() : await readEarlier(outputPath);
  await write(
    reanalyseLines(source, loadKnowledge(), earlier, await basisFor(context)),
    options.output ?? STANDARD_STREAM,
    context,
    (line) => {
      summary.add(line);
      status.show(summary.progress());
    },
  );
}

async function reanalysePlatform(
  options: ReanalyseCommandOptions,
  context: CommandContext,
  summary: ReanalysisSummary,
  status: LiveStatus,
): Promise<void> {
  const { rootDir, dataDir, environment, interruptions } = context;
  const stack = await useLocalStack({
    purpose: 'scan',
    rootDir,
    dataDir,
    environment,
    onProgress: (phrase) => status.show(phrase),
    signal: interruptions.first,
  });
  try {
    if (stack.storage === null) {
      throw new AppError(
        'STACK_BUSY',
        'The platform of this checkout runs with a database that only it knows; stop it with Ctrl-C where it was started, and run this again.',
      );
    }
    const database = openDatabase({ url: stack.storage.databaseUrl, logger: silentLogger });
    try {
      const lines = reanalyseScans({
        scans: scanRepository(database),
        findings: findingRepository(database),
        artifacts: openArtifactStore({ dir: stack.storage.artifactsDir }),
        overrides: categoryOverrideRepository(database),
        knowledge: loadKnowledge(),
        basisOf: await basisFor(context),
        onLost: (scanId, reason) => status.note(`Scan ${scanId} cannot be judged again: ${reason}`),
      });
      await write(lines, options.output ?? null, context, (line) => {
        summary.add(line);
        status.show(summary.progress());
      });
    } finally {
      await database.close();
    }
  } finally {
    if (stack.isOwner) status.show('Stopping the platform');
    await stack.release(interruptions.second);
  }
}

/** The model and the operator's filter lists, as the report service takes them into account. */
async function basisFor({
  environment,
  rootDir,
}: CommandContext): Promise<(observation: SiteObservation) => ClassifyOptions> {
  const { classification } = loadConfig({ classification: classificationConfig }, environment, rootDir);
  const filterLists = await loadFilterLists(classification.filterLists);
  const model = loadPurposeModel();
  return (observation) => ({
    model,
    filterMatches: filterLists.match(
      addressesOf(observation),
      observation.finalUrl ?? observation.requestedUrl,
    ),
  });
}

/** Writes lines to standard output, or to a file that is there as a whole or not at all; null writes nothing. */
async function write(
  lines: AsyncGenerator<JudgedLine>,
  output: string | null,
  { workingDir, terminal, interruptions }: CommandContext,
  onLine: (line: JudgedLine) => void,
): Promise<void> {
  const path = output === null ? null : filePath(output, workingDir);
  const file = path === null ? null : await open(`${path}.part`, 'w').catch(cannotWrite(path));
  try {
    for await (const line of lines) {
      interruptions.first.throwIfAborted();
      onLine(line);
      const text = `${JSON.stringify(line)}\n`;
      if (file) await file.write(text);
      else if (output !== null) await terminal.out(text);
    }
    await file?.close();
    if (path !== null) await rename(`${path}.part`, path);
  } catch (error) {
    await file?.close();
    if (path !== null) await rm(`${path}.part`, { force: true });
    throw error;
  }
}

/** Null for a standard stream. */
function filePath(name: string, workingDir: string): string | null {
  return name === STANDARD_STREAM ? null : resolve(workingDir, name);
}

function readable(path: string): Readable {
  try {
    accessSync(path, constants.R_OK);
  } catch (error) {
    const message = `${path} cannot be read; give the output of a crawl as --input.`;
    throw new AppError('INPUT_INVALID', message, {}, { cause: error });
  }
  return createReadStream(path);
}

function cannotWrite(path: string): (error: unknown) => never {
  return (error) => {
    throw new AppError(
      'INPUT_INVALID',
      `${path} cannot be written; give another --output.`,
      {},
      { cause: error },
    );
  };
}

import { loadConfig, scanConfig } from '@cookie-scanner/config';
import type { ScanParamsInput } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import { EXIT_CODES, findOrInstallBrowser, type Interruption } from '@cookie-scanner/local-stack';
import { chooseConcurrency, startScanEngine } from '@cookie-scanner/scan-engine';
import { resolve } from 'node:path';
import type { CommandContext } from '../command-context.ts';
import { adjustableLimit, CONCURRENCY_MAX, type AdjustableLimit } from '../crawl/adjustable-limit.ts';
import { adjustBySignals } from '../crawl/concurrency-signals.ts';
import { crawlDisplay } from '../crawl/crawl-display.ts';
import { crawlProgress } from '../crawl/crawl-progress.ts';
import { siteObserver } from '../crawl/observe-site.ts';
import { lockedFileSink, terminalSink } from '../crawl/open-sink.ts';
import { readProfile, type ScanWay } from '../profile-file.ts';
import type { ResultSink } from '../crawl/result-sink.ts';
import { runCrawl } from '../crawl/run-crawl.ts';
import { siteFiles } from '../crawl/site-files.ts';
import { openUrlFile, streamedUrls, type UrlSource } from '../crawl/url-source.ts';
import { liveStatus, type LiveStatus } from '../terminal/live-status.ts';

/** Names standard input or output in place of a file. */
const STANDARD_STREAM = '-';
/** Where files go when the results themselves go to standard output. */
const NAMELESS_OUTPUT = 'crawl.ndjson';

/** Options of `crawl`, as given; those of the scan stand before those of the profile. */
export interface CrawlCommandOptions extends ScanParamsInput {
  readonly input: string;
  readonly output: string;
  readonly concurrency?: number;
  /** Path of a profile. */
  readonly profile?: string;
}

/**
 * Scans a list of sites with the engine alone and writes one observation a line. Can be interrupted and run again: it
 * goes on where it was.
 *
 * @returns exit code
 */
export async function crawlCommand(
  { input, output, concurrency, profile, ...params }: CrawlCommandOptions,
  context: CommandContext,
): Promise<number> {
  const { workingDir, environment, terminal, interruptions } = context;
  const settings = loadConfig({ scan: scanConfig }, environment, context.rootDir).scan;
  const way = await readProfile(profile, params, context);
  const status = liveStatus(terminal);
  const source = await openSource(input, context);
  refuseSharedPassword(way, source);
  const toTerminal = output === STANDARD_STREAM;
  const path = resolve(workingDir, toTerminal ? NAMELESS_OUTPUT : output);
  const sink = toTerminal ? terminalSink(terminal) : await lockedFileSink(path);
  try {
    const executablePath = await findOrInstallBrowser({
      configured: settings.browserExecutable,
      searchPath: environment['PATH'] ?? '',
      announce: (phrase) => status.show(phrase),
    });
    status.show('Starting the browser');
    const engine = await startScanEngine({ ...settings, executablePath, identity: settings.browserIdentity });
    try {
      const observer = siteObserver({
        ...{ engine, settings, ...way, files: siteFiles(path), signal: interruptions.first },
      });
      const chosen = settings.concurrency === 'auto' ? chooseConcurrency() : settings.concurrency;
      const limit = adjustableLimit(concurrency ?? chosen, CONCURRENCY_MAX);
      await crawl({ source, sink, limit, ...observer }, status, context);
    } finally {
      await engine.close();
    }
    return EXIT_CODES.ok;
  } finally {
    status.clear();
    sink.close();
  }
}

interface Crawl extends Pick<Parameters<typeof runCrawl>[0], 'observe' | 'broken'> {
  readonly source: UrlSource;
  readonly sink: ResultSink;
  readonly limit: AdjustableLimit;
}

/** Runs the crawl and shows how it goes. */
async function crawl(
  { source, sink, limit, observe, broken }: Crawl,
  status: LiveStatus,
  { terminal, interruptions }: CommandContext,
): Promise<void> {
  const now = (): number => performance.now();
  const progress = crawlProgress(source.total, now);
  const show = crawlDisplay(terminal, status, progress, now);
  const stopAdjusting = adjustBySignals(limit, (current) =>
    status.note(`Scanning up to ${current} sites at a time.`),
  );
  interruptions.first.addEventListener('abort', () => status.show('Stopping; Ctrl-C again stops at once'));
  interruptions.second.addEventListener('abort', () =>
    process.exit((interruptions.second.reason as Interruption).exitCode),
  );
  try {
    await runCrawl({
      urls: source.read(),
      ...{ sink, concurrency: limit, observe, broken, signal: interruptions.first },
      onSkipped: () => progress.addSkipped(),
      onResult(observation) {
        progress.addResult(observation.status);
        show();
      },
    });
  } finally {
    stopAdjusting();
    status.clear();
    terminal.err(`${progress.summary()}\n`);
  }
}

async function openSource(input: string, { workingDir }: CommandContext): Promise<UrlSource> {
  return input === STANDARD_STREAM
    ? streamedUrls(process.stdin)
    : await openUrlFile(resolve(workingDir, input));
}

/** Each site of a list is asked with its own host, so each could ask for the one password. */
function refuseSharedPassword({ access }: ScanWay, { hosts }: UrlSource): void {
  if (access?.httpCredentials == null || hosts?.length === 1) return;
  throw new AppError(
    'INPUT_INVALID',
    'The profile has a user name and a password, which every site of the list could ask for; give a file with URLs of one host as --input.',
  );
}

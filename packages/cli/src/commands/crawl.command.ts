import { loadConfig, scanConfig } from '@cookie-scanner/config';
import type { CreateScanBody, ScanMode, SiteObservation } from '@cookie-scanner/contracts';
import { AppError, isAppError } from '@cookie-scanner/errors';
import { EXIT_CODES, findOrInstallBrowser, tryLock } from '@cookie-scanner/local-stack';
import {
  chooseConcurrency,
  ENGINE_VERSION,
  startScanEngine,
  type ScanEngine,
} from '@cookie-scanner/scan-engine';
import { parseScanUrl } from '@cookie-scanner/url-policy';
import { accessSync, constants, createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import type { CommandContext } from '../command-context.ts';
import { crawlProgress } from '../crawl/crawl-progress.ts';
import { refusedObservation } from '../crawl/refused-observation.ts';
import { openResultFile, type ResultSink } from '../crawl/result-file.ts';
import { runCrawl } from '../crawl/run-crawl.ts';
import { countUrls, readUrls } from '../crawl/url-list.ts';
import { liveStatus } from '../terminal/live-status.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** Names standard input or output in place of a file. */
const STANDARD_STREAM = '-';

/** Options of `crawl`, as given. */
export interface CrawlCommandOptions extends Pick<
  CreateScanBody,
  'pagesMax' | 'depthMax' | 'samplesPerPatternMax' | 'robots' | 'jar'
> {
  readonly input: string;
  readonly output: string;
  readonly concurrency?: number;
  readonly mode: ScanMode;
  readonly timeoutMs: number;
}

type ScanSettings = ReturnType<typeof readSettings>;

/**
 * Scans a list of sites with the engine alone and writes one observation a line. Can be interrupted and run again: it
 * goes on where it was.
 *
 * @returns exit code
 */
export async function crawlCommand(options: CrawlCommandOptions, context: CommandContext): Promise<number> {
  const { rootDir, workingDir, environment, terminal, interruptions } = context;
  const settings = readSettings(environment, rootDir);
  const input = options.input === STANDARD_STREAM ? null : readableFile(resolve(workingDir, options.input));
  const status = liveStatus(terminal);
  const sink = await openSink(options.output, workingDir, terminal);
  try {
    const total = input === null ? null : await countUrls(input);
    const executablePath = await findOrInstallBrowser({
      configured: settings.browserExecutable,
      searchPath: environment['PATH'] ?? '',
      announce: (phrase) => status.show(phrase),
    });
    status.show('Starting the browser');
    const engine = await startScanEngine({ ...settings, executablePath, identity: settings.browserIdentity });
    const progress = crawlProgress(total, () => performance.now());
    try {
      await runCrawl({
        urls: readUrls(input === null ? process.stdin : createReadStream(input)),
        sink,
        concurrency: options.concurrency ?? configuredConcurrency(settings),
        observe: (url) => observe(engine, url, options, settings, interruptions.first),
        broken: (url) => refused(engine, url, 'browser_crashed', settings),
        onSkipped: () => progress.addSkipped(),
        onResult(observation) {
          progress.addResult(observation.status);
          status.show(progress.text());
        },
        signal: interruptions.first,
      });
    } finally {
      await engine.close();
      status.clear();
      terminal.err(`${progress.summary()}\n`);
    }
    return EXIT_CODES.ok;
  } finally {
    status.clear();
    sink.close();
  }
}

function configuredConcurrency({ concurrency }: ScanSettings): number {
  return concurrency === 'auto' ? chooseConcurrency() : concurrency;
}

function readSettings(environment: NodeJS.ProcessEnv, rootDir: string) {
  return loadConfig({ scan: scanConfig }, environment, rootDir).scan;
}

async function observe(
  engine: ScanEngine,
  url: string,
  { mode, timeoutMs, pagesMax, depthMax, samplesPerPatternMax, robots, jar }: CrawlCommandOptions,
  settings: ScanSettings,
  signal: AbortSignal,
): Promise<SiteObservation> {
  try {
    parseScanUrl(url, settings);
  } catch (error) {
    if (!isAppError(error)) throw error;
    return refused(engine, url, error.code.toLowerCase(), settings);
  }
  const params = { mode, timeoutMs, pagesMax, depthMax, samplesPerPatternMax, robots, jar };
  return engine.scan(url, { params, signal });
}

function refused(
  engine: ScanEngine,
  requestedUrl: string,
  reason: string,
  settings: ScanSettings,
): SiteObservation {
  return refusedObservation({
    requestedUrl,
    reason,
    at: new Date(),
    engine: { version: ENGINE_VERSION, browser: engine.browserVersion },
    identity: settings.browserIdentity,
  });
}

function readableFile(path: string): string {
  try {
    accessSync(path, constants.R_OK);
    return path;
  } catch (error) {
    throw new AppError(
      'INPUT_INVALID',
      `${path} cannot be read; give a file with one URL a line as --input.`,
      {},
      { cause: error },
    );
  }
}

async function openSink(output: string, workingDir: string, terminal: Terminal): Promise<ResultSink> {
  if (output === STANDARD_STREAM) {
    return { done: new Set(), append: (line) => terminal.out(`${line}\n`), close: () => undefined };
  }
  const path = resolve(workingDir, output);
  const lock = await tryLock(`${path}.lock`);
  if (!lock) {
    throw new AppError(
      'STACK_BUSY',
      `Another crawl is writing to ${path}; wait for it, or give another --output.`,
    );
  }
  try {
    const file = await openResultFile(path);
    return {
      ...file,
      close() {
        file.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

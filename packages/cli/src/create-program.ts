import { scanModeSchema, scanParamsSchema, severitySchema } from '@cookie-scanner/contracts';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { CrawlCommandOptions } from './commands/crawl.command.ts';
import type { ReanalyseCommandOptions } from './commands/reanalyse.command.ts';
import type { ScanCommandOptions } from './commands/scan.command.ts';
import {
  depthMaxOption,
  jarOption,
  pagesMaxOption,
  robotsOption,
  samplesPerPatternMaxOption,
} from './exploration-options.ts';
import {
  deviceOption,
  localeOption,
  timeZoneOption,
  userAgentOption,
  viewportOption,
} from './visitor-options.ts';

/** What each command does; returns its exit code. */
export interface CommandHandlers {
  scan(url: string, options: ScanCommandOptions): Promise<number>;
  start(): Promise<number>;
  crawl(options: CrawlCommandOptions): Promise<number>;
  reanalyse(options: ReanalyseCommandOptions): Promise<number>;
}

const CONCURRENCY_MAX = 64;
/** Bounds of the API, so that a bad value is refused before anything starts. */
const timeoutSchema = scanParamsSchema.shape.timeoutMs;
const defaults = scanParamsSchema.parse({});

/**
 * The command line. Problems with it are thrown as `CommanderError`, after they were written to standard error.
 *
 * @param onExitCode - told the exit code of the command that ran
 */
export function createProgram(handlers: CommandHandlers, onExitCode: (exitCode: number) => void): Command {
  const program = new Command('cookie-scanner')
    .description('Scans websites for cookies and everything else they leave in a browser')
    .exitOverride()
    .showSuggestionAfterError();

  program
    .command('scan')
    .description('scan one site through the whole platform and print its findings and cookies')
    .argument('<url>', 'full URL of the site, such as https://example.com')
    .option('--json', 'print the result as one JSON document', false)
    .addOption(failOnOption())
    .option('--sarif <file>', 'write the findings as SARIF 2.1.0, for code hosts')
    .addOption(modeOption())
    .addOption(timeoutOption())
    .addOption(pagesMaxOption())
    .addOption(depthMaxOption())
    .addOption(samplesPerPatternMaxOption())
    .addOption(robotsOption())
    .addOption(jarOption())
    .addOption(deviceOption())
    .addOption(viewportOption())
    .addOption(localeOption())
    .addOption(timeZoneOption())
    .addOption(userAgentOption())
    .action(async (url: string, options: ScanCommandOptions) =>
      onExitCode(await handlers.scan(url, options)),
    );

  program
    .command('start')
    .description('run the platform until Ctrl-C')
    .action(async () => onExitCode(await handlers.start()));

  program
    .command('crawl')
    .description(
      'scan a list of sites with the engine alone, one JSON line each; goes on where it was interrupted',
    )
    .requiredOption('--input <file>', 'file with one URL a line, or - for standard input')
    .requiredOption('--output <file>', 'file that results are added to, or - for standard output')
    .option(
      '--concurrency <number>',
      'sites at the same time (default: SCAN_CONCURRENCY, which chooses by itself)',
      parseConcurrency,
    )
    .addOption(modeOption().default(defaults.mode))
    .addOption(timeoutOption().default(defaults.timeoutMs))
    .addOption(pagesMaxOption())
    .addOption(depthMaxOption())
    .addOption(samplesPerPatternMaxOption())
    .addOption(robotsOption())
    .addOption(jarOption())
    .action(async (options: CrawlCommandOptions) => onExitCode(await handlers.crawl(options)));

  program
    .command('reanalyse')
    .description('judge what was scanned before with what is known today, without visiting a site')
    .option(
      '--input <file>',
      'output of a crawl, or - for standard input (default: the scans of the platform)',
    )
    .option('--output <file>', 'where the findings go, one JSON line a scan, or - for standard output')
    .action(async (options: ReanalyseCommandOptions) => onExitCode(await handlers.reanalyse(options)));

  return program;
}

function failOnOption(): Option {
  return new Option(
    '--fail-on <severity>',
    'end with exit code 2 when an open finding is at least this grave',
  ).choices(severitySchema.options);
}

function modeOption(): Option {
  return new Option('--mode <mode>', 'how far a scan goes').choices(scanModeSchema.options);
}

function timeoutOption(): Option {
  return new Option('--timeout-ms <number>', 'hard limit of one scan in milliseconds').argParser(
    parseTimeout,
  );
}

function parseTimeout(text: string): number {
  const result = timeoutSchema.safeParse(Number(text));
  if (result.success) return result.data;
  throw new InvalidArgumentError('Give a whole number of milliseconds from 5000 to 600000.');
}

function parseConcurrency(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= CONCURRENCY_MAX) return value;
  throw new InvalidArgumentError(`Give a whole number from 1 to ${CONCURRENCY_MAX}.`);
}

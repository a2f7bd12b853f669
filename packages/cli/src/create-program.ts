import { severitySchema } from '@cookie-scanner/contracts';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { AuditVerifyCommandOptions } from './commands/audit-verify.command.ts';
import type { CrawlCommandOptions } from './commands/crawl.command.ts';
import type { ReanalyseCommandOptions } from './commands/reanalyse.command.ts';
import type { ScanCommandOptions } from './commands/scan.command.ts';
import { CONCURRENCY_MAX } from './crawl/adjustable-limit.ts';
import { visitOptions } from './visit-options.ts';
import { workerLabelsOption } from './worker-options.ts';

/** What each command does; returns its exit code. */
export interface CommandHandlers {
  scan(url: string, options: ScanCommandOptions): Promise<number>;
  start(): Promise<number>;
  crawl(options: CrawlCommandOptions): Promise<number>;
  reanalyse(options: ReanalyseCommandOptions): Promise<number>;
  auditVerify(options: AuditVerifyCommandOptions): Promise<number>;
  resetLink(email: string): Promise<number>;
}

const CRAWL_HELP = `
Names that end in .gz are compressed. Run the same command again to go on where it was interrupted.
Files of a site are in a folder beside the output: out.ndjson has them in out.files.
SIGUSR2 scans one more site at a time, SIGUSR1 one fewer.

Exit codes: 0 done, with a result for every URL; 64 bad options, list or profile; 69 no browser; 73 the output
cannot be written; 75 another crawl writes to it; 70 a fault of ours; 130 Ctrl-C (143 SIGTERM, 129 SIGHUP).`;

const AUDIT_HELP = `
Checks the database of DATABASE_URL, else that of this checkout, whether or not the platform runs.

Exit codes: 0 the audit log is whole; 1 it is broken, and the first broken entry of each chain is named; 69 it could not
be checked: no database, or places signed with a key that is not known here; 64 bad options.`;

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

  const scan = program
    .command('scan')
    .description('scan one site through the whole platform and print its findings and cookies')
    .argument('<url>', 'full URL of the site, such as https://example.com')
    .option('--json', 'print the result as one JSON document', false)
    .addOption(failOnOption())
    .option(
      '--baseline <file>',
      'end with exit code 2 when something is there that the baseline does not have',
    )
    .option('--save-baseline <file>', 'make this scan the baseline of later ones; approvals in the file stay')
    .option('--sarif <file>', 'write the findings as SARIF 2.1.0, for code hosts')
    .addOption(workerLabelsOption())
    .action(async (url: string, options: ScanCommandOptions) =>
      onExitCode(await handlers.scan(url, options)),
    );

  program
    .command('start')
    .description('run the platform until Ctrl-C')
    .action(async () => onExitCode(await handlers.start()));

  const crawl = program
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
    .addHelpText('after', CRAWL_HELP)
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

  // Visits that a scan and a crawl make alike.
  for (const command of [scan, crawl]) for (const option of visitOptions()) command.addOption(option);

  addOperatorCommands(program, handlers, onExitCode);
  return program;
}

/** What whoever runs the installation does directly in its database. */
function addOperatorCommands(
  program: Command,
  handlers: CommandHandlers,
  onExitCode: (exitCode: number) => void,
): void {
  program
    .command('audit')
    .description('look after the audit log')
    .command('verify')
    .description(
      'check that nobody changed, removed or added entries of the audit log, directly in the database',
    )
    .option('--anchors <file...>', 'files of signed places that were kept outside the database')
    .option('--public-key <key...>', 'public keys, when AUTH_ENCRYPTION_KEY is not at hand or was changed')
    .addHelpText('after', AUDIT_HELP)
    .action(async (options: AuditVerifyCommandOptions) => onExitCode(await handlers.auditVerify(options)));

  program
    .command('account')
    .description('help people into their accounts')
    .command('reset-link')
    .description(
      'print a link by which somebody chooses a new password, for installations that send no mails',
    )
    .argument('<email>', 'address of the account')
    .action(async (email: string) => onExitCode(await handlers.resetLink(email)));
}

function failOnOption(): Option {
  return new Option(
    '--fail-on <severity>',
    'end with exit code 2 when an open finding is at least this grave',
  ).choices(severitySchema.options);
}

function parseConcurrency(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= CONCURRENCY_MAX) return value;
  throw new InvalidArgumentError(`Give a whole number from 1 to ${CONCURRENCY_MAX}.`);
}

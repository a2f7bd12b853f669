#!/usr/bin/env node
import { catchInterruptions, describeFailure, EXIT_CODES, Interruption } from '@cookie-scanner/local-stack';
import { CommanderError } from 'commander';
import { fileURLToPath } from 'node:url';
import type { CommandContext } from './command-context.ts';
import { startCommand } from './commands/start.command.ts';
import { createProgram } from './create-program.ts';
import { processTerminal } from './terminal/terminal.ts';

const context: CommandContext = {
  rootDir: fileURLToPath(new URL('../../..', import.meta.url)),
  dataDir: fileURLToPath(new URL('../../../.cookie-scanner', import.meta.url)),
  workingDir: process.cwd(),
  environment: process.env,
  terminal: processTerminal(process.env['COLUMNS']),
  interruptions: catchInterruptions(),
};

let exitCode: number = EXIT_CODES.ok;
const program = createProgram(
  {
    // Each command loads only what it needs: the engine with its browser driver is not for `scan`.
    scan: async (url, options) =>
      (await import('./commands/scan.command.ts')).scanCommand(url, options, context),
    start: () => startCommand(context),
    reanalyse: async (options) =>
      (await import('./commands/reanalyse.command.ts')).reanalyseCommand(options, context),
    auditVerify: async (options) =>
      (await import('./commands/audit-verify.command.ts')).auditVerifyCommand(options, context),
    resetLink: async (email) =>
      (await import('./commands/reset-link.command.ts')).resetLinkCommand(email, context),
    crawl: async (options) => (await import('./commands/crawl.command.ts')).crawlCommand(options, context),
  },
  (code) => (exitCode = code),
);

try {
  await program.parseAsync(process.argv);
} catch (error) {
  exitCode = reportFailure(error);
}
process.exit(exitCode);

function reportFailure(error: unknown): number {
  // Commander has said what is wrong with the command line already; --help and --version are no faults.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.usage;
  if (error instanceof Interruption) {
    context.terminal.err('Interrupted; nothing is left running.\n');
    return error.exitCode;
  }
  const failure = describeFailure(error);
  context.terminal.err(`${failure.message}\n`);
  if (process.env['LOG_LEVEL'] === 'debug' && error instanceof Error)
    context.terminal.err(`${error.stack}\n`);
  return failure.exitCode;
}

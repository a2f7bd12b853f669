import type { Interruptions } from '@cookie-scanner/local-stack';
import type { Terminal } from './terminal/terminal.ts';

/** What every command works with; main.ts makes it. */
export interface CommandContext {
  /** Folder of the checkout. */
  readonly rootDir: string;
  /** Folder for what the platform keeps on this machine. */
  readonly dataDir: string;
  /** Folder the user is in: paths are relative to it. */
  readonly workingDir: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly terminal: Terminal;
  readonly interruptions: Interruptions;
}

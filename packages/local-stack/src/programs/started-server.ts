import type { Program } from './start-program.ts';

/** A server of the infrastructure that was started here. */
export interface StartedServer {
  /** Holds the password; not for logs. */
  readonly url: string;
  readonly program: Program;
}

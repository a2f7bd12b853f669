import { spawn } from 'node:child_process';

/** How a command ended. */
export interface CommandResult {
  /** Null when the program could not be started. */
  readonly exitCode: number | null;
  /** Both streams together. */
  readonly output: string;
}

interface RunCommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly account?: { readonly uid: number; readonly gid: number } | null;
  readonly input?: string;
}

/**
 * Runs a short program to its end, away from the terminal's Ctrl-C: what it does to the machine is not left half done.
 * Never rejects.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  { cwd, env, account, input }: RunCommandOptions = {},
): Promise<CommandResult> {
  return await new Promise((resolve) => {
    const child = spawn(command, args, {
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(cwd === undefined ? {} : { cwd }),
      ...(env === undefined ? {} : { env }),
      ...(account ? { uid: account.uid, gid: account.gid } : {}),
    });
    let output = '';
    const collect = (text: string): void => void (output += text);
    child.stdout.setEncoding('utf8').on('data', collect);
    child.stderr.setEncoding('utf8').on('data', collect);
    child.once('error', (error) => resolve({ exitCode: null, output: error.message }));
    child.once('close', (exitCode) => resolve({ exitCode, output }));
    // It may end without reading; its exit code tells.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
  });
}

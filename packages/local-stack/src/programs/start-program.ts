import { spawn } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync, readSync } from 'node:fs';
import { dirname } from 'node:path';
import { isAlive, identifyProcess } from '../process-identity.mjs';
import { endProgram } from './end-program.ts';
import type { Ledger } from './ledger.ts';

const LOG_TAIL_BYTES = 16_384;
/** A log that has grown beyond this starts afresh at the next start of its program. */
const LOG_SIZE_MAX_BYTES = 20_000_000;

/** How a program ended. */
interface ProgramEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A program that was started. */
export interface Program {
  readonly name: string;
  readonly pid: number;
  readonly logPath: string;
  /** Resolves when it ends, for whatever reason. */
  readonly ended: Promise<ProgramEnd>;
  isAlive(): boolean;
  /** The last of what it wrote since this start. */
  logTail(): string;
  /** Asks it to end, forces it when it takes too long, and resolves when it is gone. Safe to repeat. */
  stop(): Promise<void>;
}

interface StartProgramOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** File that both its streams are appended to. */
  readonly logPath: string;
  /** Whom to run it as; null for ourselves. */
  readonly account: { readonly uid: number; readonly gid: number } | null;
  /** Written to its standard input, which is then closed. */
  readonly input?: string;
  readonly stopSignal: NodeJS.Signals;
  /** How long it may take to stop before it is killed. */
  readonly graceMs: number;
  readonly ledger: Ledger;
}

/**
 * Starts a program in a process group of its own, away from the terminal's Ctrl-C, and records it in the ledger.
 *
 * @throws Error with the code of `spawn` (such as ENOENT, EACCES) when it cannot be started
 */
export async function startProgram(options: StartProgramOptions): Promise<Program> {
  const { name, command, args, cwd, env, logPath, account, input, stopSignal, graceMs, ledger } = options;
  mkdirSync(dirname(logPath), { recursive: true });
  const log = openLog(logPath);
  const logStart = fstatSync(log).size;
  const child = spawn(command, args, {
    cwd,
    env,
    detached: true,
    stdio: [input === undefined ? 'ignore' : 'pipe', log, log],
    ...(account ? { uid: account.uid, gid: account.gid } : {}),
  });
  closeSync(log);
  const ended = new Promise<ProgramEnd>((resolve) => {
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
  });
  const pid = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => resolve(child.pid ?? 0));
  });
  const identity = identifyProcess(pid);
  if (identity) ledger.addProgram({ name, identity, stopSignal });
  // It may end before it has read everything; why it ended is told by its log.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input);

  return {
    name,
    pid,
    logPath,
    ended,
    isAlive: () => identity !== null && isAlive(identity),
    logTail: () => readTail(logPath, logStart),
    async stop() {
      if (identity) await endProgram(identity, stopSignal, graceMs);
      await ended;
    },
  };
}

function openLog(path: string): number {
  const log = openSync(path, 'a', 0o640);
  if (fstatSync(log).size <= LOG_SIZE_MAX_BYTES) return log;
  closeSync(log);
  return openSync(path, 'w', 0o640);
}

function readTail(path: string, from: number): string {
  const file = openSync(path, 'r');
  try {
    const start = Math.max(from, fstatSync(file).size - LOG_TAIL_BYTES);
    const buffer = Buffer.alloc(LOG_TAIL_BYTES);
    return buffer.toString('utf8', 0, readSync(file, buffer, 0, LOG_TAIL_BYTES, start));
  } finally {
    closeSync(file);
  }
}

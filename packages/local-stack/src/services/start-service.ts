import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Announce } from '../announce.ts';
import type { Ledger } from '../programs/ledger.ts';
import { startProgram, type Program } from '../programs/start-program.ts';
import type { ServiceDefinition } from './service-catalog.ts';
import { serviceFault } from './service-fault.ts';
import { portFor, SERVICE_HOST, type PortPolicy } from './service-ports.ts';

const START_ATTEMPTS_MAX = 3;
const READY_TIMEOUT_MS = 60_000;
const POLL_MS = 50;
/** Above the services' own deadline for stopping, below the patience of a user. */
const STOP_GRACE_MS = 30_000;
const RESTART_PAUSE_MIN_MS = 500;
const RESTART_PAUSE_MAX_MS = 30_000;
/** A service that ran this long before it ended is restarted with the shortest pause again. */
const STEADY_AFTER_MS = 60_000;

interface StartServiceOptions {
  readonly rootDir: string;
  /** Everything the service reads, apart from its port. */
  readonly env: NodeJS.ProcessEnv;
  readonly portPolicy: PortPolicy;
  readonly logFolder: string;
  readonly ledger: Ledger;
  readonly announce: Announce;
  readonly signal: AbortSignal;
}

/** A service that is running, and is started again when it ends by itself. */
export interface RunningService {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/**
 * Starts one service and resolves when it says that it is ready. From then on it is restarted whenever it ends
 * unexpectedly, with growing pauses.
 *
 * @throws AppError STACK_FAILED naming its log when it ends, or is not ready in time
 * @throws AppError PORT_TAKEN
 */
export async function startService(
  service: ServiceDefinition,
  options: StartServiceOptions,
): Promise<RunningService> {
  const { port, program: first } = await startUntilReady(service, options);
  let program = first;
  const stopping = new AbortController();
  const isStopping = (): boolean => stopping.signal.aborted;
  const keeper = keepRunning();

  async function keepRunning(): Promise<void> {
    let pauseMs = RESTART_PAUSE_MIN_MS;
    let startedAt = performance.now();
    while (!isStopping()) {
      const end = await program.ended;
      if (isStopping()) return;
      const cause = end.signal ?? `exit code ${end.exitCode}`;
      options.announce(
        `The ${service.name} ended (${cause}) and is started again; ${program.logPath} says why`,
      );
      if (performance.now() - startedAt > STEADY_AFTER_MS) pauseMs = RESTART_PAUSE_MIN_MS;
      await delay(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (isStopping()) return;
      pauseMs = Math.min(pauseMs * 2, RESTART_PAUSE_MAX_MS);
      startedAt = performance.now();
      // A program that cannot even be started (no memory, no file handles) is tried again after the next pause.
      program = await spawnService(service, port, options).catch(() => program);
    }
  }

  return {
    name: service.name,
    port,
    get pid() {
      return program.pid;
    },
    async stop() {
      stopping.abort();
      await program.stop();
      await keeper;
      // It may have been started again at the very moment of the first stop.
      await program.stop();
    },
  };
}

async function startUntilReady(
  service: ServiceDefinition,
  options: StartServiceOptions,
): Promise<{ port: number; program: Program }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await portFor(service, options.portPolicy, options.env);
    const program = await spawnService(service, port, options);
    if (await waitUntilReady(program, port, options.signal)) return { port, program };
    const isEnded = !program.isAlive();
    const words = program.logTail();
    await program.stop();
    options.signal.throwIfAborted();
    if (attempt < START_ATTEMPTS_MAX && isEnded && words.includes('EADDRINUSE')) continue;
    const what = isEnded ? 'ended while starting' : 'did not become ready';
    throw serviceFault(words, `The ${service.name} ${what}; ${program.logPath} says why.`);
  }
}

async function spawnService(
  service: ServiceDefinition,
  port: number,
  { rootDir, env, logFolder, ledger }: StartServiceOptions,
): Promise<Program> {
  return startProgram({
    name: service.name,
    command: process.execPath,
    args: ['--enable-source-maps', join(rootDir, 'services', service.name, 'dist', 'main.js')],
    cwd: rootDir,
    env: { ...env, [service.portSetting]: String(port) },
    logPath: join(logFolder, `${service.name}.log`),
    account: null,
    stopSignal: 'SIGTERM',
    graceMs: STOP_GRACE_MS,
    ledger,
  });
}

async function waitUntilReady(program: Program, port: number, signal: AbortSignal): Promise<boolean> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (program.isAlive() && performance.now() < deadline && !signal.aborted) {
    if (await answersReady(port)) return true;
    await delay(POLL_MS);
  }
  return false;
}

async function answersReady(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://${SERVICE_HOST}:${port}/health/ready`, {
      signal: AbortSignal.timeout(2_000),
    });
    await response.body?.cancel();
    return response.status === 200;
  } catch {
    // Not listening yet.
    return false;
  }
}

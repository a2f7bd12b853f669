import { setTimeout as delay } from 'node:timers/promises';
import { checkFiles } from './checker/check-files.ts';
import { checkHistory } from './checker/check-history.ts';
import { openHistory } from './checker/history.ts';
import { FAULTS } from './faults/all-faults.ts';
import type { Fault, FaultContext } from './faults/fault.ts';
import type { EngineUse } from './platform/engine-use.ts';
import { openPlatform, type ChaosPlatform } from './platform/platform.ts';
import { seededRandom } from './seeded-random.ts';

/** How much is broken. */
export interface ChaosOptions {
  readonly seed: number;
  /** How long faults follow one another. */
  readonly durationMs: number;
  readonly engine: EngineUse;
  /** True for runs that take minutes: every fault, and more scans. */
  readonly isLong: boolean;
  /** True where nothing else makes the machine slow: bounds of time count. */
  readonly checksTimes: boolean;
  /** Where the processes of the platform look for programs. */
  readonly searchPath: string;
  /** Breaks the run off after the fault that lasts. */
  readonly signal?: AbortSignal;
  readonly say: (line: string) => void;
}

/** What came of it. */
export interface ChaosVerdict {
  readonly acceptedCount: number;
  /** What is wrong, in words; empty when nothing is. */
  readonly problems: readonly string[];
}

/**
 * How many submit scans, and how long each waits before its next one: less than two workers can do on a small machine, or
 * what waits grows for ever and every fault waits with it. A short run must also come to rest soon.
 */
const LOAD = { short: { clients: 2, pauseMs: 500 }, long: { clients: 4, pauseMs: 600 } };
/** Scans that are under way or wait when the first fault strikes. */
const BACKLOG_SIZE = 30;
/** Generous: a run that is at rest ends at once, and a busy machine must not look like a fault. */
const STUCK_AFTER_MS = 180_000;
const SWEEP_DEADLINE_MS = 120_000;

/**
 * Breaks a platform for a while, lets it come to rest, and looks for what was lost or doubled.
 *
 * @throws Error when it does not even begin to work, or the reason of the signal
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosVerdict> {
  const { seed, engine, searchPath, signal, say } = options;
  say(`seed ${seed}, ${engine.name} engine`);
  const history = openHistory();
  const platform = await openPlatform({ engine, searchPath, history });
  let problems: string[] = ['the run was broken off'];
  try {
    const check = () =>
      checkHistory((text, values) => platform.database.sql(text, values), history, {
        cookieCount: engine.cookieCount,
        stuckAfterMs: STUCK_AFTER_MS,
        signal,
      });
    await platform.client.submit(platform.siteUrl('first'));
    const unfinished = await check();
    if (unfinished.length > 0) throw new Error(`the platform does not work: ${unfinished.join('; ')}`);
    say('everything works; now it is broken');

    await breakIt(platform, {
      ...options,
      expect: (isRight, words) => void (isRight || history.note(words)),
    });
    signal?.throwIfAborted();
    const restMs = performance.now();
    await platform.untilReady();
    problems = await check();
    say(`at rest after ${Math.round(performance.now() - restMs)} ms`);
    problems.push(...(await checkLeftovers(platform)), ...history.flaws);
    problems.push(...platform.processes.flatMap(({ badEnds }) => badEnds));
    const acceptedCount = history.scans.size + [...history.batches.values()].reduce((sum, n) => sum + n, 0);
    say(`${acceptedCount} scans accepted, ${problems.length} problems`);
    return { acceptedCount, problems };
  } finally {
    await platform.close({ keepsLogs: problems.length > 0 });
    if (problems.length > 0) say(`what the processes wrote is kept in ${platform.folder}`);
  }
}

type Breaking = ChaosOptions & Pick<FaultContext, 'expect'>;

async function breakIt(platform: ChaosPlatform, options: Breaking): Promise<void> {
  await Promise.all(
    Array.from({ length: BACKLOG_SIZE }, (_, n) =>
      platform.client.submit(platform.siteUrl(`early-${n}`, '?takes=2000')),
    ),
  );
  const over = new AbortController();
  const { clients, pauseMs } = options.isLong ? LOAD.long : LOAD.short;
  const submitting = Promise.all(
    Array.from({ length: clients }, (_, n) =>
      keepSubmitting(platform, { over: over.signal, client: n, pauseMs }),
    ),
  );
  try {
    await strikeFaults(platform, options);
  } finally {
    over.abort();
    await submitting;
  }
}

async function strikeFaults(platform: ChaosPlatform, options: Breaking): Promise<void> {
  const { seed, durationMs, isLong, checksTimes, engine, signal, say, expect } = options;
  const random = seededRandom(seed);
  const startMs = performance.now();
  const faults = faultsFor(engine, isLong);
  const first: Fault[] = [...faults];
  while (performance.now() - startMs < durationMs && signal?.aborted !== true) {
    await delay(random.between(300, 1_500));
    // Each kind once at first, then by chance.
    const fault = first.splice(random.between(0, Math.max(1, first.length)), 1)[0] ?? random.pick(faults);
    const seconds = ((performance.now() - startMs) / 1_000).toFixed(1);
    say(`${seconds} s: ${fault.name}`);
    await strike(fault, { platform, random, isLong, checksTimes, expect, say: (line) => say(`    ${line}`) });
  }
}

async function strike(fault: Fault, context: FaultContext): Promise<void> {
  try {
    await fault.strike(context);
  } catch (error) {
    // The run goes on: the next faults and the checker may tell more.
    context.expect(false, `${fault.name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function faultsFor(engine: EngineUse, isLong: boolean): [Fault, ...Fault[]] {
  const [first, ...others] = FAULTS.filter(
    (fault) =>
      (isLong || fault.isLong !== true) && (engine.name === 'trivial' || fault.isForTrivialEngine !== true),
  );
  if (!first) throw new Error('there is no fault');
  return [first, ...others];
}

/** Submits one scan after the other; the client remembers each answer. */
async function keepSubmitting(
  platform: ChaosPlatform,
  { over, client, pauseMs }: { over: AbortSignal; client: number; pauseMs: number },
): Promise<void> {
  for (let n = 0; !over.aborted; n += 1) {
    await platform.client.submit(platform.siteUrl(`site-${client}-${n}`, '?takes=200'));
    await delay(pauseMs);
  }
}

/** What a dead attempt left is swept away when a worker starts. */
async function checkLeftovers(platform: ChaosPlatform): Promise<string[]> {
  const [worker] = platform.named('worker');
  worker.signal('SIGTERM');
  await worker.ended();
  return checkFiles((text, values) => platform.database.sql(text, values), {
    artifactsFolder: platform.artifactsFolder,
    deadlineMs: SWEEP_DEADLINE_MS,
  });
}

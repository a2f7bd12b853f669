import type { AttachedTarget } from '../browser/target-attacher.ts';
import type { RequestsCollector } from '../collectors/requests.collector.ts';
import type { TargetsCollector } from '../collectors/targets.collector.ts';
import type { Deadline } from '../deadline.ts';
import { advanceClock, type ClockPolicy } from './virtual-time.ts';

/** What of a scan the life of its pages depends on. */
interface PageWorld {
  readonly targets: TargetsCollector;
  readonly requests: RequestsCollector;
}

/** How the page's life went. */
export interface PageLife {
  /** Milliseconds on the page's own clock. */
  readonly livedMs: number;
  /** Frames whose clock could not be advanced all the way, by address. */
  readonly clocksNotAdvanced: readonly string[];
}

/** Wall-clock bound on the life of all frames; a page that computes without end must not hold the scan. */
const LIFE_LIMIT_MS = 8_000;
/** A clock that waits for a network without any sign of life waits for a stream or for nothing. */
const STALL_MS = 1_500;
/** Page time per step where the browser's own waiting for the network is of no use. */
const STEP_MS = 1_000;
/** Answers that are still on their way when the clocks have run out get this long. */
const ANSWER_LIMIT_MS = 2_000;
/** The same within a life that goes step by step. */
const STEP_ANSWER_LIMIT_MS = 300;
const QUIET_MS = 60;
/** Quiet of the network after which a clock that nobody speaks of counts as advanced with the others. */
const SHARED_CLOCK_STALL_MS = 300;
/** Page time given to the code that runs when a late answer arrives. */
const AFTER_ANSWER_MS = 1_500;
const ROUNDS_MAX = 5;

/**
 * Lets all frames of the scan live through `budgetMs`, then waits for answers still on their way and lets the code
 * that handles them run, until nothing moves any more.
 */
export async function livePageLife(
  world: PageWorld,
  budgetMs: number,
  deadline: Deadline,
): Promise<PageLife> {
  const { requests } = world;
  const ended = new AbortController();
  const timer = setTimeout(() => ended.abort(), Math.min(LIFE_LIMIT_MS, deadline.remainingMs())).unref();
  try {
    let stuck = await advanceAll(
      world,
      'pauseIfNetworkFetchesPending',
      budgetMs,
      requests.untilStalled(STALL_MS, ended.signal),
    );
    if (stuck.length > 0) stuck = await liveStepwise(world, budgetMs, ended.signal);

    let livedMs = budgetMs;
    for (
      let round = 0;
      round < ROUNDS_MAX && requests.pendingCount() > 0 && !ended.signal.aborted;
      round += 1
    ) {
      await requests.untilQuiet(QUIET_MS, Math.min(ANSWER_LIMIT_MS, deadline.remainingMs()));
      await advanceAll(world, 'advance', AFTER_ANSWER_MS, whenAborted(ended.signal));
      livedMs += AFTER_ANSWER_MS;
    }
    return { livedMs, clocksNotAdvanced: stuck.map(({ url }) => url) };
  } finally {
    clearTimeout(timer);
    ended.abort();
  }
}

/**
 * Lives on in small steps and waits for answers between them. The browser's own waiting is of no use for a frame
 * that holds a stream open or whose answer never comes.
 */
async function liveStepwise(
  world: PageWorld,
  budgetMs: number,
  signal: AbortSignal,
): Promise<readonly AttachedTarget[]> {
  let stuck: readonly AttachedTarget[] = [];
  for (let lived = 0; lived < budgetMs; lived += STEP_MS) {
    stuck = await advanceAll(world, 'advance', Math.min(STEP_MS, budgetMs - lived), whenAborted(signal));
    if (signal.aborted) break;
    await world.requests.untilQuiet(QUIET_MS / 3, STEP_ANSWER_LIMIT_MS);
  }
  return stuck;
}

/**
 * Advances the clocks of all frames together, those of frames that appear meanwhile included.
 *
 * Windows that share a process share a clock, and only the one asked last is told that its budget has passed. So
 * once one is told, the others count as told too as soon as the network has gone quiet.
 *
 * @returns the frames that are still there and whose budget did not pass before the limit
 */
async function advanceAll(
  { targets, requests }: PageWorld,
  policy: ClockPolicy,
  budgetMs: number,
  limit: Promise<unknown>,
): Promise<readonly AttachedTarget[]> {
  const stuck = new Set<AttachedTarget>();
  const running = new Set<Promise<void>>();
  const othersLived = Promise.withResolvers<undefined>();
  const finished = new AbortController();
  let someoneLived = false;
  const start = (target: AttachedTarget): void => {
    const life = advanceClock(target.session, policy, budgetMs, Promise.race([limit, othersLived.promise]))
      .then((passed) => {
        if (passed && !someoneLived) {
          someoneLived = true;
          void requests
            .untilStalled(SHARED_CLOCK_STALL_MS, finished.signal)
            .then(() => othersLived.resolve(undefined));
        } else if (!passed && !someoneLived && targets.isAlive(target)) stuck.add(target);
      })
      .finally(() => running.delete(life));
    running.add(life);
  };

  const stopListening = targets.onFrame(start);
  for (const target of targets.frames()) start(target);
  while (running.size > 0) await Promise.race(running);
  stopListening();
  finished.abort();
  return [...stuck];
}

async function whenAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

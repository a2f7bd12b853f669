import type { AttachedTarget } from '../browser/target-attacher.ts';
import { withoutPolling, type RequestFilter } from '../collectors/polling.ts';
import type { RequestsCollector } from '../collectors/requests.collector.ts';
import type { TargetsCollector } from '../collectors/targets.collector.ts';
import type { Deadline } from '../deadline.ts';
import { drawFrame, hastenAnimations } from './draw-frame.ts';
import { advanceClock, type ClockPolicy } from './virtual-time.ts';
import { wakeWorkers } from './wake-workers.ts';

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
const LIFE_LIMIT_MS = 14_000;
/**
 * Wall-clock time in which the clocks stand whenever the network is asked. A page that always asks for something
 * would live too slowly like that to be seen to the end.
 */
const PATIENCE_MS = 4_000;
/** A clock that waits for a network without any sign of life waits for a stream or for nothing. */
const STALL_MS = 1_500;
/** Page time per step where the browser's own waiting for the network is of no use. */
const STEP_MS = 1_000;
/** A frame that needs longer than this for a step computes without end. */
const STEP_LIMIT_MS = 4_000;
/** Page time after which workers get their turn: a worker's clock moves with its page's, but does not wake it. */
const WORKER_STEP_MS = 5_000;
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
/** Page time after each frame that is drawn at the end, and how many are drawn while something moves. */
const FRAME_MS = 500;
const FRAMES_MAX = 3;

/**
 * Lets all frames and workers of the scan live through `budgetMs`, then waits for answers still on their way and
 * lets the code that handles them run, until nothing moves any more.
 */
export async function livePageLife(
  world: PageWorld,
  budgetMs: number,
  deadline: Deadline,
): Promise<PageLife> {
  const { requests } = world;
  const limitMs = Math.min(LIFE_LIMIT_MS, deadline.remainingMs());
  const ended = new AbortController();
  const impatient = new AbortController();
  const timers = [
    setTimeout(() => ended.abort(), limitMs).unref(),
    setTimeout(() => impatient.abort(), Math.min(PATIENCE_MS, limitMs)).unref(),
  ];
  try {
    const { waitedMs, stuck: waiting } = await livePatiently(world, budgetMs, impatient.signal);
    const stuck = waiting.length > 0 ? await liveStepwise(world, budgetMs - waitedMs, ended.signal) : waiting;

    const isAwaited = (): RequestFilter => withoutPolling(requests.all());
    let livedMs = budgetMs + (await showWhatCameLate(world, ended.signal));
    for (
      let round = 0;
      round < ROUNDS_MAX && requests.pendingCount(isAwaited()) > 0 && !ended.signal.aborted;
      round += 1
    ) {
      await requests.untilQuiet(QUIET_MS, Math.min(ANSWER_LIMIT_MS, deadline.remainingMs()), isAwaited());
      await advanceAll(world, 'advance', AFTER_ANSWER_MS, whenAborted(ended.signal));
      livedMs += AFTER_ANSWER_MS;
    }
    return { livedMs, clocksNotAdvanced: stuck.map(({ url }) => url) };
  } finally {
    for (const timer of timers) clearTimeout(timer);
    ended.abort();
    impatient.abort();
  }
}

/**
 * Draws the windows, so that what appeared in them is noticed by those who wait for it, and gives their code time.
 *
 * @returns page time that this took
 */
async function showWhatCameLate(world: PageWorld, signal: AbortSignal): Promise<number> {
  let livedMs = 0;
  for (let isMoving = true; isMoving && livedMs < FRAMES_MAX * FRAME_MS && !signal.aborted;) {
    isMoving = await drawFrame(world.targets.frames().filter(({ type }) => type === 'page'));
    await advanceAll(world, 'advance', FRAME_MS, whenAborted(signal));
    livedMs += FRAME_MS;
  }
  return livedMs;
}

/**
 * Lives with clocks that stand while the network is asked, so that slow answers use up no page time. In one go
 * where there are no workers to be woken on the way.
 *
 * @returns how much of the budget has surely passed, and the frames that could not go on like this
 */
async function livePatiently(
  world: PageWorld,
  budgetMs: number,
  impatient: AbortSignal,
): Promise<{ readonly waitedMs: number; readonly stuck: readonly AttachedTarget[] }> {
  const { targets, requests } = world;
  let livedMs = 0;
  while (livedMs < budgetMs) {
    const stepMs =
      targets.workers().length > 0 ? Math.min(WORKER_STEP_MS, budgetMs - livedMs) : budgetMs - livedMs;
    const stuck = await advanceAll(
      world,
      'pauseIfNetworkFetchesPending',
      stepMs,
      requests.untilStalled(STALL_MS, impatient),
    );
    if (stuck.length > 0) return { waitedMs: livedMs, stuck };
    livedMs += stepMs;
    await wakeWorkers(targets.workers());
  }
  return { waitedMs: livedMs, stuck: [] };
}

/**
 * Lives on in small steps and waits for answers between them. The browser's own waiting is of no use for a frame
 * that holds a stream open, whose answer never comes, or that asks again and again.
 */
async function liveStepwise(
  world: PageWorld,
  budgetMs: number,
  signal: AbortSignal,
): Promise<readonly AttachedTarget[]> {
  const { targets, requests } = world;
  let stuck: readonly AttachedTarget[] = [];
  for (let lived = 0; lived < budgetMs; lived += STEP_MS) {
    const stepEnded = AbortSignal.any([signal, AbortSignal.timeout(STEP_LIMIT_MS)]);
    stuck = await advanceAll(world, 'advance', Math.min(STEP_MS, budgetMs - lived), whenAborted(stepEnded));
    if (stepEnded.aborted && stuck.length > 0) break;
    await wakeWorkers(targets.workers());
    await requests.untilQuiet(QUIET_MS / 3, STEP_ANSWER_LIMIT_MS, withoutPolling(requests.all()));
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
    hastenAnimations(target);
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

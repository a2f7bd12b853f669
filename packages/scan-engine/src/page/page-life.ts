import type { AttachedTarget } from '../browser/target-attacher.ts';
import type { RequestsCollector } from '../collectors/requests.collector.ts';
import type { Deadline } from '../deadline.ts';
import type { TargetsCollector } from '../collectors/targets.collector.ts';
import { advanceClock, type ClockPolicy } from './virtual-time.ts';

/** How the page's life went. */
export interface PageLife {
  /** Milliseconds on the page's own clock. */
  readonly livedMs: number;
  /** Frames whose clock could not be advanced all the way, by address. */
  readonly clocksNotAdvanced: readonly string[];
}

/** Wall-clock bound on one frame's life; a page that computes without end must not hold the scan. */
const CLOCK_LIMIT_MS = 8_000;
/** Answers that are still on their way when the clocks have run out get this long. */
const ANSWER_LIMIT_MS = 2_000;
const QUIET_MS = 60;
/** Page time given to the code that runs when a late answer arrives. */
const AFTER_ANSWER_MS = 1_500;
const ROUNDS_MAX = 5;

/**
 * Lets all frames of the scan live through `budgetMs`, then waits for answers still on their way and lets the code
 * that handles them run, until nothing moves any more.
 */
export async function livePageLife(
  targets: TargetsCollector,
  requests: RequestsCollector,
  budgetMs: number,
  deadline: Deadline,
): Promise<PageLife> {
  const stuck = await advanceAll(targets, 'pauseIfNetworkFetchesPending', budgetMs, deadline);
  for (const target of stuck) {
    // The network never came to rest for this frame: run its clock on without waiting for it.
    const limitMs = Math.min(CLOCK_LIMIT_MS / 2, deadline.remainingMs());
    if (await advanceClock(target.session, 'advance', budgetMs, limitMs)) stuck.delete(target);
  }

  let livedMs = budgetMs;
  for (let round = 0; round < ROUNDS_MAX && requests.pendingCount() > 0 && !deadline.passed; round += 1) {
    await requests.untilQuiet(QUIET_MS, Math.min(ANSWER_LIMIT_MS, deadline.remainingMs()));
    await advanceAll(targets, 'advance', AFTER_ANSWER_MS, deadline);
    livedMs += AFTER_ANSWER_MS;
  }
  return { livedMs, clocksNotAdvanced: [...stuck].map(({ url }) => url) };
}

/**
 * Advances the clocks of all frames together, those of frames that appear meanwhile included.
 *
 * @returns the frames that are still there and whose budget did not pass in time
 */
async function advanceAll(
  targets: TargetsCollector,
  policy: ClockPolicy,
  budgetMs: number,
  deadline: Deadline,
): Promise<Set<AttachedTarget>> {
  const stuck = new Set<AttachedTarget>();
  const running = new Set<Promise<void>>();
  const start = (target: AttachedTarget): void => {
    const life = advanceClock(target.session, policy, budgetMs, Math.min(CLOCK_LIMIT_MS, deadline.remainingMs()))
      .then((passed) => {
        if (!passed && targets.isAlive(target)) stuck.add(target);
      })
      .finally(() => running.delete(life));
    running.add(life);
  };

  const stopListening = targets.onFrame(start);
  for (const target of targets.frames()) start(target);
  while (running.size > 0) await Promise.race(running);
  stopListening();
  return stuck;
}

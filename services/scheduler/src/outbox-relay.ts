import type { OutboxEvent, OutboxRepository } from '@cookie-scanner/database';
import type { Logger } from '@cookie-scanner/observability';
import { createNudge } from './wait-for-nudge.ts';

interface OutboxRelayOptions {
  readonly outbox: Pick<OutboxRepository, 'relayBatch'>;
  /** Hands events to their queues; rejects when that failed for any of them. */
  readonly publish: (events: OutboxEvent[]) => Promise<void>;
  readonly logger: Logger;
  /** Told after each batch how many events went out. */
  readonly onRelayed?: (count: number) => void;
  /** Told after each batch that failed. */
  readonly onFailed?: () => void;
  /** Longest time between two looks at the outbox; default 1,000. */
  readonly sweepMs?: number;
  /** Shortest time from one batch to the next that is not full, so that a busy outbox is carried in fewer; default 25. */
  readonly gatherMs?: number;
  /** First wait after a failure, doubling up to thirty times that; default 500. */
  readonly backoffMs?: number;
}

/** Carries events from the outbox to the queues, one batch at a time. */
export interface OutboxRelay {
  /** Says that there is something to carry. A relay that waits after a failure goes on waiting. */
  nudge(): void;
  /** When the relay last went through its loop, in Unix milliseconds, whether or not it could carry anything. */
  lastTurnAt(): number;
  /** Resolves after the batch in flight. */
  stop(): Promise<void>;
}

const BATCH_SIZE = 100;
const BACKOFF_FACTOR_MAX = 30;

/**
 * Starts to empty the outbox: at every nudge, and by itself every `sweepMs`. While Redis or PostgreSQL is away the
 * events stay where they are and the relay tries again ever more rarely.
 */
export function startOutboxRelay(options: OutboxRelayOptions): OutboxRelay {
  const { sweepMs = 1_000, gatherMs = 25, backoffMs = 500 } = options;
  const work = createNudge();
  const patience = createNudge();
  let isStopping = false;
  let failures = 0;
  let turnAtMs = Date.now();

  async function run(): Promise<void> {
    while (!isStopping) {
      turnAtMs = Date.now();
      const startedAtMs = performance.now();
      const count = await carry(options, failures);
      if (count === null) {
        await patience.wait(backoffMs * Math.min(2 ** failures, BACKOFF_FACTOR_MAX));
        failures += 1;
        continue;
      }
      failures = 0;
      // A full batch says that there is more.
      if (count === BATCH_SIZE) continue;
      await work.wait(sweepMs);
      // One that comes alone goes at once; what comes right after it is gathered.
      const leftMs = startedAtMs + gatherMs - performance.now();
      if (leftMs > 0 && count > 0) await patience.wait(leftMs);
    }
  }

  const ended = run();
  return {
    nudge: () => work.nudge(),
    lastTurnAt: () => turnAtMs,
    stop: async () => {
      isStopping = true;
      work.nudge();
      patience.nudge();
      await ended;
    },
  };
}

/** Carries one batch. Null when it failed, after that many failures in a row. */
async function carry(
  { outbox, publish, logger, onRelayed, onFailed }: OutboxRelayOptions,
  failures: number,
): Promise<number | null> {
  try {
    const count = await outbox.relayBatch(BATCH_SIZE, publish);
    if (failures > 0) logger.info('the outbox is relayed again', { failures });
    onRelayed?.(count);
    return count;
  } catch (error) {
    logger.warn('the outbox could not be relayed; its events wait there', { failures: failures + 1, error });
    onFailed?.();
    return null;
  }
}

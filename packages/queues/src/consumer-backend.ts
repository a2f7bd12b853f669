import { createRedisBackend, type BackendFactory, type RedisQueueBackend } from 'bullmq';
import type { SlotHolder } from './slot-holder.ts';

interface ConsumerBackendOptions {
  readonly onPoll: () => void;
  /** Null for a consumer that shares with nobody. */
  readonly slots: SlotHolder | null;
}

/** Wakes a worker as a marker in Redis does that says "there may be a job now". */
const LOOK_AGAIN = { member: '0', score: 0 };

/**
 * BullMQ's Redis backend that reports each poll for a job, and fetches one only with a slot in hand where slots are shared.
 * BullMQ emits nothing while a queue is empty, and its `isRunning()` stays true when the fetch loop is dead.
 *
 * @see https://github.com/taskforcesh/bullmq/issues/4585
 */
export function consumerBackend({
  onPoll,
  slots,
}: ConsumerBackendOptions): BackendFactory<RedisQueueBackend> {
  return (name, options, extra) => {
    const backend = createRedisBackend(name, options, extra);
    const waitForJob = backend.waitForJob.bind(backend);
    const moveToActive = backend.moveToActive.bind(backend);
    backend.waitForJob = (timeout) => waitForJob(timeout).finally(onPoll);
    backend.moveToActive = (token, workerName) => moveToActive(token, workerName).finally(onPoll);
    if (slots) shareSlots(backend, slots);
    return backend;
  };
}

function shareSlots(backend: RedisQueueBackend, slots: SlotHolder): void {
  const waitForJob = backend.waitForJob.bind(backend);
  const moveToActive = backend.moveToActive.bind(backend);
  const moveToCompleted = backend.moveToCompleted.bind(backend);
  const moveToFailed = backend.moveToFailed.bind(backend);
  const moveToDelayed = backend.moveToDelayed.bind(backend);
  let hasSkipped = false;

  backend.moveToActive = async (token, workerName) => {
    const slot = await slots.take();
    if (!slot) {
      hasSkipped = true;
      return [];
    }
    let hasJob = false;
    try {
      const answer: unknown[] = await moveToActive(token, workerName);
      hasJob = Boolean(answer[0]);
      if (hasJob) slots.keep(token, slot);
      return answer;
    } finally {
      if (!hasJob) slot();
    }
  };
  backend.waitForJob = async (timeout) => {
    // The queue was not empty then: nobody looked.
    if (!hasSkipped) return await waitForJob(timeout);
    hasSkipped = false;
    return LOOK_AGAIN;
  };
  // The next job is fetched with a slot of its own: the one of this job may be another consumer's turn.
  backend.moveToCompleted = (job, value, remove, token) => moveToCompleted(job, value, remove, token, false);
  backend.moveToFailed = (job, reason, remove, token, _fetchNext, fields) =>
    moveToFailed(job, reason, remove, token, false, fields);
  backend.moveToDelayed = (jobId, at, delay, token, options) =>
    moveToDelayed(jobId, at, delay, token, { ...options, fetchNext: false });
}

import { createRedisBackend, type BackendFactory, type RedisQueueBackend } from 'bullmq';

/**
 * BullMQ's Redis backend that reports each poll for a job. BullMQ emits nothing while a queue is empty, and its
 * `isRunning()` stays true when the fetch loop is dead.
 *
 * @see https://github.com/taskforcesh/bullmq/issues/4585
 */
export function pollingBackend(onPoll: () => void): BackendFactory<RedisQueueBackend> {
  return (name, options, extra) => {
    const backend = createRedisBackend(name, options, extra);
    const waitForJob = backend.waitForJob.bind(backend);
    const moveToActive = backend.moveToActive.bind(backend);
    backend.waitForJob = (timeout) => waitForJob(timeout).finally(onPoll);
    backend.moveToActive = (token, workerName) => moveToActive(token, workerName).finally(onPoll);
    return backend;
  };
}

import { QUEUES, type QueueContract, type QueueName } from '@cookie-scanner/contracts';
import type { OutboxEvent } from '@cookie-scanner/database';
import { createProducer, type Producer, type QueueLocation } from '@cookie-scanner/queues';

/** Hands events of the outbox to the queues they name. */
export interface QueuePublisher {
  /**
   * Hands over every event, in order within each queue. Repeating it is harmless while the jobs are known.
   *
   * @throws AppError QUEUE_UNAVAILABLE when a queue did not take its part; others may have taken theirs
   */
  publish(events: OutboxEvent[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the giving end of every queue of the platform.
 *
 * @param attemptsMax - how often a job is tried; null for what its queue says
 */
export function openQueuePublisher(location: QueueLocation, attemptsMax: number | null): QueuePublisher {
  const producers = new Map<QueueName, Producer<unknown>>();
  for (const contract of QUEUES) {
    // Payloads come from the outbox, of no known type; the producer checks them against the contract.
    producers.set(
      contract.name as QueueName,
      createProducer(
        { ...(contract as QueueContract), attempts: attemptsMax ?? contract.attempts },
        location,
      ),
    );
  }
  return {
    publish: async (events) => {
      for (const [queue, ofQueue] of Map.groupBy(events, (event) => event.queue)) {
        const producer = producers.get(queue);
        if (!producer) throw new Error(`no queue is called ${queue}`);
        await producer.enqueueMany(ofQueue.map(({ payload }) => payload));
      }
    },
    close: async () => {
      await Promise.all([...producers.values()].map((producer) => producer.close()));
    },
  };
}

import { QUEUES, scanSiteQueue, scanSiteQueueOf, type QueueContract } from '@cookie-scanner/contracts';
import type { OutboxEvent } from '@cookie-scanner/database';
import { createProducer, type Producer, type QueueLocation } from '@cookie-scanner/queues';

/** Hands events of the outbox to the queues they name. */
export interface QueuePublisher {
  /**
   * Hands over every event, in order within each queue; scans that ask for labels of a worker have a queue for each set of
   * labels. Repeating it is harmless while the jobs are known.
   *
   * @throws AppError QUEUE_UNAVAILABLE when a queue did not take its part; others may have taken theirs
   */
  publish(events: OutboxEvent[]): Promise<void>;
  close(): Promise<void>;
}

const CONTRACTS = new Map<string, QueueContract>(
  QUEUES.map((contract) => [contract.name, contract as QueueContract]),
);

/**
 * Opens the giving end of every queue of the platform.
 *
 * @param attemptsMax - how often a job is tried; null for what its queue says
 */
export function openQueuePublisher(location: QueueLocation, attemptsMax: number | null): QueuePublisher {
  // Only labels that some worker has come here, so there are few of these for as long as operators name few.
  const producers = new Map<string, Producer<unknown>>();

  function producerOf(contract: QueueContract): Producer<unknown> {
    const known = producers.get(contract.name);
    if (known) return known;
    // Payloads come from the outbox, of no known type; the producer checks them against the contract.
    const producer = createProducer({ ...contract, attempts: attemptsMax ?? contract.attempts }, location);
    producers.set(contract.name, producer);
    return producer;
  }
  for (const contract of CONTRACTS.values()) producerOf(contract);

  return {
    publish: async (events) => {
      for (const ofQueue of Map.groupBy(events, (event) => contractOf(event).name).values()) {
        const [first] = ofQueue;
        if (!first) continue;
        await producerOf(contractOf(first)).enqueueMany(ofQueue.map(({ payload }) => payload));
      }
    },
    close: async () => {
      await Promise.all([...producers.values()].map((producer) => producer.close()));
    },
  };
}

function contractOf({ queue, payload }: OutboxEvent): QueueContract {
  if (queue === scanSiteQueue.name) {
    const { workerLabels = [] } = scanSiteQueue.payload.parse(payload);
    return scanSiteQueueOf(workerLabels);
  }
  const contract = CONTRACTS.get(queue);
  if (!contract) throw new Error(`no queue is called ${queue}`);
  return contract;
}

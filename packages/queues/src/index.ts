export { createConsumer, type Consumer, type ConsumerOptions } from './create-consumer.ts';
export { createProducer, type Producer, type QueueLocation } from './create-producer.ts';
export { type CloseReport } from './close-consumer.ts';
export { type ConsumerTiming } from './consumer-timing.ts';
export { abortKind, JobAborted, type AbortKind } from './job-aborted.ts';
export { openQueueForBoard, type BoardQueue } from './open-queue-for-board.ts';
export { type JobContext, type Processor } from './processor.ts';
export { RetryLater } from './retry-later.ts';
export { waitOutOutages } from './wait-out-outages.ts';

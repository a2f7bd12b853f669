// The baseline of the queue benchmark: BullMQ alone, with jobs that do nothing.
import { Worker } from 'bullmq';

const { REDIS_URL: url = '', REDIS_PREFIX: prefix = '', SCAN_CONCURRENCY: concurrency } = process.env;

const worker = new Worker('bare', () => Promise.resolve(), {
  connection: { url, maxRetriesPerRequest: null },
  prefix,
  concurrency: Number(concurrency),
});
process.once('SIGTERM', () => void worker.close().then(() => process.exit()));

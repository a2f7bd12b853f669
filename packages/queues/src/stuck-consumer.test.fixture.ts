/**
 * A consumer in a process of its own that starts on every job and never ends one, for the tests of what happens
 * when a process dies or stands still. Tells each start and each abort on standard output.
 */
import { silentLogger } from '@cookie-scanner/observability';
import { openRedis } from '@cookie-scanner/redis';
import { createConsumer } from './create-consumer.ts';
import { abortKind } from './job-aborted.ts';
import { SHORT_TIMING, testQueue, untilAborted } from './queue-under-test.test.helper.ts';

const [url = '', prefix = ''] = process.argv.slice(2);
const redis = openRedis({ url, prefix, logger: silentLogger });

createConsumer(
  testQueue,
  async ({ id }, { signal }) => {
    process.stdout.write(`started ${id}\n`);
    await untilAborted(signal).catch((error: unknown) => {
      process.stdout.write(`aborted ${id} ${abortKind(signal)}\n`);
      throw error;
    });
  },
  {
    connection: redis.connection('blocking'),
    prefix,
    concurrency: 1,
    logger: silentLogger,
    timing: SHORT_TIMING,
  },
);

import type { WorkerRepository, WorkerSign } from '@cookie-scanner/database';
import type { Logger } from '@cookie-scanner/observability';

/** A quarter of the time after which a silent worker is not counted on any more. */
const INTERVAL_MS = 5_000;

/** A worker that is known to the others. */
interface AnnouncedWorker {
  /** Says that it takes no more scans. Never rejects; who is not told notices by the silence. */
  withdraw(): Promise<void>;
}

interface AnnounceOptions {
  readonly workers: Pick<WorkerRepository, 'announce' | 'withdraw'>;
  /** What it says of itself now. */
  readonly sign: () => WorkerSign;
  readonly logger: Logger;
}

/** Makes a worker known, and gives a sign of life every five seconds until it is withdrawn. Returns at once. */
export function announceWorker({ workers, sign, logger }: AnnounceOptions): AnnouncedWorker {
  let isWithdrawn = false;
  let speaking = speak();
  const timer = setInterval(() => {
    speaking = speaking.then(speak);
  }, INTERVAL_MS);

  async function speak(): Promise<void> {
    if (isWithdrawn) return;
    try {
      await workers.announce(sign());
    } catch (error) {
      logger.warn('could not give a sign of life; the next one may succeed', { error });
    }
  }

  return {
    async withdraw() {
      isWithdrawn = true;
      clearInterval(timer);
      await speaking;
      try {
        await workers.withdraw(sign().name);
      } catch (error) {
        logger.warn('could not say that this worker stops', { error });
      }
    },
  };
}

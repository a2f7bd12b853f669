import { openDatabase, retentionRepository } from '@cookie-scanner/database';
import { silentLogger } from '@cookie-scanner/observability';

/** What it took to remove scans by age. */
export interface RemovalMeasure {
  readonly scanCount: number;
  readonly batchCount: number;
  readonly seconds: number;
  /** The longest transaction, which is the longest that any of its locks was held. */
  readonly longestMs: number;
  readonly medianMs: number;
}

/** Removes every scan that is older than a day, in the batches in which the scheduler does, one after the other. */
export async function measureRemoval(url: string, signal: AbortSignal): Promise<RemovalMeasure> {
  const database = openDatabase({ url, logger: silentLogger });
  const retention = retentionRepository(database);
  const never = {
    fileDays: 0,
    valueDays: 30,
    auditDays: 0,
    noticeDays: 0,
    runDays: 0,
    deliveryDays: 0,
    sessionDays: 0,
  };
  const durationsMs: number[] = [];
  let scanCount = 0;
  try {
    for (;;) {
      signal.throwIfAborted();
      const startedAt = performance.now();
      const batch = await retention.removeBatch('scan_results', { ...never, scanDays: 1 });
      if (!batch || batch.removedCount === 0) break;
      durationsMs.push(performance.now() - startedAt);
      scanCount += batch.removedCount;
    }
  } finally {
    await database.close();
  }
  const sorted = durationsMs.toSorted((a, b) => a - b);
  return {
    scanCount,
    batchCount: sorted.length,
    seconds: sorted.reduce((sum, each) => sum + each, 0) / 1_000,
    longestMs: sorted.at(-1) ?? 0,
    medianMs: sorted[Math.floor(sorted.length / 2)] ?? 0,
  };
}

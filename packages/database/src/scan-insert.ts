import { scanSiteQueue, type ScanParams, type ScanTrigger } from '@cookie-scanner/contracts';
import type { Prisma } from './generated/client.ts';
import { pendingJob, writeOutbox } from './outbox-write.ts';
import { toPostgresText } from './postgres-text.ts';
import { scanDomain } from './scan-domain.ts';

/** What many scans that are submitted together have in common. */
export interface ScansInCommon {
  workspaceId: string;
  params: ScanParams;
  trigger: ScanTrigger;
  profileId: string | null;
  requestedBy: string | null;
  scheduleExecutionId: string;
}

/** Scans written with one statement. */
const BATCH_SIZE = 1_000;

/** Records scans as queued and, within the same transaction, the requests to run them. */
export async function insertScans(
  tx: Prisma.TransactionClient,
  urls: readonly string[],
  inCommon: ScansInCommon,
): Promise<void> {
  for (let start = 0; start < urls.length; start += BATCH_SIZE) {
    const rows = await tx.scanResult.createManyAndReturn({
      data: urls.slice(start, start + BATCH_SIZE).map((url) => ({
        ...inCommon,
        requestedUrl: toPostgresText(url),
        domain: scanDomain(url),
      })),
      select: { id: true },
    });
    await writeOutbox(
      tx,
      rows.map(({ id }) => pendingJob(scanSiteQueue, { scanId: id, offer: 0 })),
    );
  }
}

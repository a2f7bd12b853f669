import { createHash } from 'node:crypto';
import { sendNotificationQueue } from '@cookie-scanner/contracts';
import { pendingJob, type PendingJob } from './outbox-write.ts';

/** The job that tells people that a scan is over and nothing more will come of it. */
export function scanFinishedJob(scanId: string): PendingJob {
  return pendingJob(sendNotificationQueue, {
    eventId: stableUuid(`scan_finished:${scanId}`),
    event: 'scan_finished',
    scanId,
  });
}

/**
 * A UUID that is the same for the same name, so that an event told twice is recognised.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9562#section-5.8 version 8: the layout is ours, a SHA-256 of the name
 */
function stableUuid(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex').slice(0, 32).split('');
  hex[12] = '8';
  hex[16] = '8';
  return hex.join('').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

import type { NotificationEvent, ScanResult } from '@cookie-scanner/contracts';

/**
 * What webhooks say of an event: ids, and where to ask for the rest. Nothing that a site said of itself is in it.
 *
 * @param publicUrl - where people reach this installation; null leaves the path alone
 */
export function webhookPayload(
  event: NotificationEvent,
  scan: Pick<ScanResult, 'id' | 'status' | 'finishedAt'>,
  publicUrl: string | null,
): Record<string, unknown> {
  return {
    type: event,
    timestamp: scan.finishedAt,
    data: { scanId: scan.id, status: scan.status, url: `${publicUrl ?? ''}/api/v1/scans/${scan.id}` },
  };
}

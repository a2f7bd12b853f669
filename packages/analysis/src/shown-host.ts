import type { ScanStatus } from '@cookie-scanner/contracts';
import { hostOf } from './web-address.ts';

/**
 * Host that a scan is about: where it ended when the site was seen, else what was asked for, for a site that sends
 * its visitors astray is not the place it sends them to.
 *
 * @returns null when the address names no host
 */
export function shownHost(requestedUrl: string, finalUrl: string | null, status: ScanStatus): string | null {
  const wasSeen = status === 'success' || status === 'partial';
  return hostOf(wasSeen ? (finalUrl ?? requestedUrl) : requestedUrl);
}

import { scanProgressSchema, type ScanProgress, type ScanResult } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import type { GatewayClient } from './gateway-client.ts';

/**
 * Follows a scan until it is finished and its reports are made.
 *
 * @throws AppError STACK_FAILED when the platform stays away
 */
export async function followScan(
  client: Pick<GatewayClient, 'watch'>,
  scanId: string,
  onProgress: (progress: ScanProgress) => void,
): Promise<ScanResult> {
  for await (const { event, data } of client.watch(scanId)) {
    if (event === 'finished') return data;
    // A stage that this version does not know is not worth an end.
    const progress = scanProgressSchema.safeParse(data);
    if (progress.success) onProgress(progress.data);
  }
  throw new AppError('STACK_FAILED', 'The platform does not say how the scan ended; run the command again.');
}

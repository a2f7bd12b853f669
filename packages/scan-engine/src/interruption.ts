import { AppError } from '@cookie-scanner/errors';
import type { EgressGateway } from './egress/egress-gateway.ts';
import type { RunningBrowser } from './browser/launch-browser.ts';

/** Stops waiting for a browser that is gone: what the scan still holds must be given back at once. */
export async function untilGone<T>(work: Promise<T>, browser: RunningBrowser): Promise<T> {
  const gone = browser.gone.then(() => {
    throw new Error('the browser process ended');
  });
  gone.catch(() => undefined);
  work.catch(() => undefined);
  return await Promise.race([work, gone]);
}

/**
 * Stops waiting when the scan's way to the network fails by a fault of ours.
 *
 * @throws AppError EGRESS_UNAVAILABLE then
 */
export async function untilCutOff<T>(
  work: Promise<T>,
  { failed }: Pick<EgressGateway, 'failed'>,
): Promise<T> {
  work.catch(() => undefined);
  const cutOff = failed.then((cause) => {
    throw egressUnavailable(cause);
  });
  cutOff.catch(() => undefined);
  return await Promise.race([work, cutOff]);
}

/** What a scan is told whose way to the network could not be opened, or failed. */
export function egressUnavailable(cause: unknown): AppError {
  return new AppError('EGRESS_UNAVAILABLE', 'The egress gateway of the scan failed.', {}, { cause });
}

/** Stops waiting when the signal fires, with its reason. */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return await work;
  work.catch(() => undefined);
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

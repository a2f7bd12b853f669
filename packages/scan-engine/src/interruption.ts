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

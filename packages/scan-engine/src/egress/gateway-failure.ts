import type { Server } from 'node:net';
import { openFilesLeft } from '../process-limits.ts';

const LOOK_INTERVAL_MS = 250;
/** Below this, connections are refused before anybody hears of them: some of the site would be missing in silence. */
const FILES_LEFT_MIN = 8;

/**
 * Watches for what makes a gateway useless to its scan without anybody in the scan doing it: its ports close or break,
 * or this process may open no more connections. Seen from the page all of that looks as if the site were down.
 *
 * @param onFailed - told the reason; may be called again
 * @returns stops watching
 */
export function watchForFailure(ports: readonly Server[], onFailed: (reason: Error) => void): () => void {
  const onClosed = (): void => onFailed(new Error('a port of the egress gateway was closed'));
  for (const port of ports) {
    port.on('error', onFailed);
    port.once('close', onClosed);
  }
  const timer = setInterval(() => {
    if (openFilesLeft() < FILES_LEFT_MIN)
      onFailed(new Error('this process may open no more files (ulimit -n)'));
  }, LOOK_INTERVAL_MS).unref();
  return () => {
    clearInterval(timer);
    for (const port of ports) port.off('close', onClosed);
  };
}

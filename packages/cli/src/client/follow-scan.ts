import {
  isTerminalStatus,
  scanProgressSchema,
  scanResultSchema,
  type ScanProgress,
  type ScanResult,
} from '@cookie-scanner/contracts';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { GatewayClient } from './gateway-client.ts';

/** The gateway sends something at least every 15 s; a stream that is silent for longer is dead. */
const SILENCE_MAX_MS = 45_000;
const PAUSE_MIN_MS = 200;
const PAUSE_MAX_MS = 2_000;
/** How long the gateway may be away: a service that ended is started again within seconds. */
const AWAY_MAX_MS = 60_000;

interface FollowOptions {
  readonly onProgress: (progress: ScanProgress) => void;
  readonly signal: AbortSignal;
}

/**
 * Follows a scan until it is finished and its reports are made. Live events are read where they come; when the
 * stream breaks, the scan itself is asked, and the stream tried again.
 *
 * @throws AppError STACK_FAILED when the platform stays away
 * @throws the reason of the signal when it fires
 */
export async function followScan(
  client: GatewayClient,
  scanId: string,
  { onProgress, signal }: FollowOptions,
): Promise<ScanResult> {
  let pauseMs = PAUSE_MIN_MS;
  let awaySince: number | null = null;
  for (;;) {
    try {
      const finished = await readEvents(client, scanId, (progress) => {
        pauseMs = PAUSE_MIN_MS;
        onProgress(progress);
      });
      if (finished) return finished;
      const scan = await client.scan(scanId);
      if (isSettled(scan)) return scan;
      awaySince = null;
    } catch (error) {
      signal.throwIfAborted();
      awaySince ??= performance.now();
      if (performance.now() - awaySince > AWAY_MAX_MS) throw error;
    }
    await delay(pauseMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    pauseMs = Math.min(pauseMs * 2, PAUSE_MAX_MS);
  }
}

/** Reads events until the scan is finished; null when the stream ended before that. */
async function readEvents(
  client: GatewayClient,
  scanId: string,
  onProgress: (progress: ScanProgress) => void,
): Promise<ScanResult | null> {
  const silence = new AbortController();
  const listenOn = (): NodeJS.Timeout => setTimeout(() => silence.abort(), SILENCE_MAX_MS);
  let timer = listenOn();
  const heard = (): void => {
    clearTimeout(timer);
    timer = listenOn();
  };
  try {
    const bytes = await client.events(scanId, silence.signal);
    const events = bytes
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new EventSourceParserStream({ onComment: heard }));
    for await (const { event, data } of events) {
      heard();
      if (event === 'finished') return scanResultSchema.parse(JSON.parse(data));
      // A stage that this version does not know is not worth an end.
      const progress = scanProgressSchema.safeParse(JSON.parse(data));
      if (event === 'progress' && progress.success) onProgress(progress.data);
    }
    return null;
  } catch (error) {
    if (silence.signal.aborted) return null;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** True when nothing about the scan changes any more: it has ended, and so has the making of its reports. */
function isSettled({ status, reports }: ScanResult): boolean {
  return isTerminalStatus(status) && reports.length > 0 && reports.every(({ state }) => state !== 'queued');
}

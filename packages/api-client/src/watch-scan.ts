import { EventSourceParserStream } from 'eventsource-parser/stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient } from './api-client.ts';
import { ApiProblem, dataOf } from './api-problem.ts';
import type { components } from './generated/schema.ts';

type ScanProgress = components['schemas']['ScanProgress'];
type ScanResult = components['schemas']['ScanResult'];

/** A step of a scan, or its end: then its reports are made too. A newer gateway may name stages that no type here knows. */
export type ScanEvent =
  | { readonly event: 'progress'; readonly data: ScanProgress }
  | { readonly event: 'finished'; readonly data: ScanResult };

/** How to follow a scan. */
export interface WatchOptions {
  /** Ends the watch when it fires. */
  readonly signal?: AbortSignal;
  /** For how long the gateway may be away before the watch fails, in milliseconds; 60 s unless told. */
  readonly awayMaxMs?: number;
}

/** The gateway sends something at least every 15 s; a stream that is silent for longer is dead. */
const SILENCE_MAX_MS = 45_000;
const PAUSE_MIN_MS = 200;
const PAUSE_MAX_MS = 2_000;
const AWAY_MAX_MS = 60_000;
/** Refusals that another try may not meet again, beside those of the gateway itself. */
const WORTH_A_TRY: ReadonlySet<number> = new Set([408, 429]);

/**
 * Follows a scan live, and ends after `finished`. A stream that breaks is taken up where it was; while there is none to be
 * had, the scan itself is asked.
 *
 * @throws ApiProblem when the gateway refuses, such as for a scan that is not there
 * @throws the last failure when the gateway stays away; the reason of the signal when it fires
 */
export async function* watchScan(
  api: Pick<ApiClient, 'GET'>,
  scanId: string,
  { signal, awayMaxMs = AWAY_MAX_MS }: WatchOptions = {},
): AsyncGenerator<ScanEvent, void, undefined> {
  const place: { lastEventId: string | null } = { lastEventId: null };
  let pauseMs = PAUSE_MIN_MS;
  let awaySinceMs: number | null = null;
  for (;;) {
    try {
      for await (const event of readEvents(api, scanId, place, signal)) {
        pauseMs = PAUSE_MIN_MS;
        yield event;
        if (event.event === 'finished') return;
      }
      const scan = await dataOf(
        api.GET('/scans/{scanId}', { params: { path: { scanId } }, ...until(signal) }),
      );
      if (isSettled(scan)) {
        yield { event: 'finished', data: scan };
        return;
      }
      awaySinceMs = null;
    } catch (error) {
      signal?.throwIfAborted();
      if (isFinal(error)) throw error;
      awaySinceMs ??= performance.now();
      if (performance.now() - awaySinceMs > awayMaxMs) throw error;
    }
    await delay(pauseMs, undefined, until(signal)).catch(() => signal?.throwIfAborted());
    pauseMs = Math.min(pauseMs * 2, PAUSE_MAX_MS);
  }
}

/** The events of one stream, until it ends, is silent for too long, or breaks. */
async function* readEvents(
  api: Pick<ApiClient, 'GET'>,
  scanId: string,
  place: { lastEventId: string | null },
  signal: AbortSignal | undefined,
): AsyncGenerator<ScanEvent, void, undefined> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), SILENCE_MAX_MS);
  try {
    const stream = await dataOf(
      api.GET('/scans/{scanId}/events', {
        params: {
          path: { scanId },
          header: place.lastEventId === null ? {} : { 'Last-Event-ID': place.lastEventId },
        },
        parseAs: 'stream',
        signal: AbortSignal.any([silence.signal, ...(signal ? [signal] : [])]),
      }),
    );
    // Nothing more is to come.
    if (!stream) return;
    const events = stream
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new EventSourceParserStream({ onComment: () => void timer.refresh() }));
    for await (const { id, event, data } of events) {
      timer.refresh();
      place.lastEventId = id ?? place.lastEventId;
      if (event === 'progress') yield { event, data: JSON.parse(data) as ScanProgress };
      if (event === 'finished') yield { event, data: JSON.parse(data) as ScanResult };
    }
  } catch (error) {
    if (!silence.signal.aborted) throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** True when nothing about the scan changes any more: it has ended, and so has the making of its reports. */
function isSettled({ status, reports }: ScanResult): boolean {
  const isOver = status !== 'queued' && status !== 'running';
  return isOver && reports.length > 0 && reports.every(({ state }) => state !== 'queued');
}

function isFinal(error: unknown): boolean {
  return error instanceof ApiProblem && error.status < 500 && !WORTH_A_TRY.has(error.status);
}

function until(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal ? { signal } : {};
}

import type { Response } from 'express';

/** Text that may wait for a client that does not read; above it the client is dropped. */
const BACKLOG_SIZE_BYTES_MAX = 1_048_576;
const RECONNECT_AFTER_MS = 2_000;

/** One event of a stream. */
interface StreamEvent {
  readonly name: string;
  readonly data: unknown;
  /** Sent back as `Last-Event-ID` by a client that reconnects. */
  readonly id?: string;
}

/** A stream of server-sent events to one client. */
export interface EventStream {
  /** Aborted when the client is gone or the stream was ended. */
  readonly signal: AbortSignal;
  send(event: StreamEvent): void;
  /** Ends the stream; safe to call twice. */
  end(): void;
}

/**
 * Turns a response into a stream of server-sent events, with a comment as heartbeat so that proxies and clients know
 * that it lives.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export function openEventStream(response: Response, { heartbeatMs }: { heartbeatMs: number }): EventStream {
  const closed = new AbortController();
  const write = (text: string): void => {
    if (closed.signal.aborted) return;
    response.write(text);
    if (response.writableLength > BACKLOG_SIZE_BYTES_MAX) response.destroy();
  };

  response.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
  response.setHeader('Cache-Control', 'no-store, no-transform');
  // nginx would otherwise hold events back.
  response.setHeader('X-Accel-Buffering', 'no');
  response.flushHeaders();

  const heartbeat = setInterval(() => write(': alive\n\n'), heartbeatMs);
  const close = (): void => {
    clearInterval(heartbeat);
    closed.abort();
  };
  response.once('close', close);
  write(`retry: ${RECONNECT_AFTER_MS}\n\n`);

  return {
    signal: closed.signal,
    send: ({ name, data, id }) => {
      const idLine = id === undefined ? '' : `id: ${id}\n`;
      // JSON has no raw line breaks, so one data line is enough.
      write(`${idLine}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
    },
    end: () => {
      close();
      response.end();
    },
  };
}

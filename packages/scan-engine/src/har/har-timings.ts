import type { Protocol } from '../browser/cdp.ts';
import type { HarExchange, ReceivedHeaders } from './har-exchange.ts';
import type { HarTimings } from './har-format.ts';

/**
 * Phases of an exchange. Those before the answer come from the browser's network process, whose clock is a real one;
 * the rest from the scan's clock, because the page's own may stand still.
 */
export function harTimings(
  { atMs, answer, endedAtMs }: HarExchange,
  received: ReceivedHeaders | null,
): HarTimings {
  const answeredAtMs = answer?.atMs ?? received?.atMs ?? endedAtMs ?? atMs;
  const receive = rounded(Math.max(0, (endedAtMs ?? answeredAtMs) - answeredAtMs));
  const timing = answer?.timing;
  if (!timing) {
    const wait = rounded(Math.max(0, answeredAtMs - atMs));
    return { blocked: -1, dns: -1, connect: -1, ssl: -1, send: 0, wait, receive };
  }
  return {
    blocked: rounded(Math.max(0, firstStart(timing))),
    dns: phase(timing.dnsStart, timing.dnsEnd),
    connect: phase(timing.connectStart, timing.connectEnd),
    ssl: phase(timing.sslStart, timing.sslEnd),
    send: Math.max(0, phase(timing.sendStart, timing.sendEnd)),
    wait: Math.max(0, phase(timing.sendEnd, timing.receiveHeadersEnd)),
    receive,
  };
}

/** Time of all phases together. `ssl` is contained in `connect`. */
export function totalTime({ blocked, dns, connect, send, wait, receive }: HarTimings): number {
  return rounded([blocked, dns, connect, send, wait, receive].reduce((sum, ms) => sum + Math.max(0, ms), 0));
}

/** When something happened for the first time, counted from the request. */
function firstStart({ dnsStart, connectStart, sendStart }: Protocol.Network.ResourceTiming): number {
  return [dnsStart, connectStart, sendStart].find((start) => start >= 0) ?? 0;
}

/** -1 where the phase did not take place, as on a connection that was there already. */
function phase(start: number, end: number): number {
  return start < 0 || end < start ? -1 : rounded(end - start);
}

function rounded(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}

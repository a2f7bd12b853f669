import { within } from './deadline.ts';
import { openEgressGateway, type EgressGateway } from './egress/egress-gateway.ts';
import { egressUnavailable, untilAborted, untilCutOff, untilGone } from './interruption.ts';
import type { ScanEnvironment } from './scan-environment.ts';
import { openScanSession, type ScanSession, type SessionOptions } from './scan-session.ts';
import type { Visitor } from './visitor/visitor.ts';

/** A visitor who was never anywhere, with a way to the network of its own. */
export interface CleanProfile {
  readonly session: ScanSession;
  readonly gateway: EgressGateway;
}

/** A context with busy pages takes its time to end, and nobody needs it any more. */
const DISPOSE_LIMIT_MS = 500;
const READING_INTERVAL_MS = 500;
const EGRESS_LIMITS = { bytesMax: 250_000_000, connectionsMax: 3_000, connectTimeoutMs: 10_000 };

/**
 * Opens a clean profile, works with it, and gives everything back, whatever happened.
 *
 * @param salvage - makes a result of what was seen when the browser was ended for its memory; null to fail then
 * @throws the reason of the signal when it fires
 * @throws when the browser ends
 * @throws AppError EGRESS_UNAVAILABLE when the way to the network cannot be opened, or fails
 */
export async function inCleanProfile<T>(
  environment: ScanEnvironment,
  visitor: Visitor,
  options: SessionOptions & { readonly signal: AbortSignal | undefined },
  work: (profile: CleanProfile) => Promise<T>,
  salvage: ((profile: CleanProfile) => Promise<T>) | null = null,
): Promise<T> {
  const { browser, egressPolicy } = environment;
  const gateway = await openEgressGateway(egressPolicy, EGRESS_LIMITS, browser).catch((error: unknown) => {
    throw egressUnavailable(error);
  });
  let session: ScanSession | null = null;
  let readings: NodeJS.Timeout | undefined;
  try {
    options.signal?.throwIfAborted();
    session = await openScanSession(environment, gateway.browserPort, visitor, options);
    // Of a browser that is gone, only what was read before is left.
    if (salvage) readings = readNowAndThen(session);
    const connected = untilCutOff(work({ session, gateway }), gateway);
    return await untilAborted(untilGone(connected, browser), options.signal);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!session || !salvage || !browser.memory?.endedBrowser()) throw error;
    return await salvage({ session, gateway });
  } finally {
    clearInterval(readings);
    // A browser that hangs is ended by whoever notices; the scan does not wait for it.
    if (session) await within(session.dispose(), DISPOSE_LIMIT_MS);
    await gateway.close();
  }
}

function readNowAndThen(session: ScanSession): NodeJS.Timeout {
  return setInterval(() => {
    session.snapshotJar().catch(() => undefined); // The browser is gone, which whoever drives the scan notices.
  }, READING_INTERVAL_MS);
}

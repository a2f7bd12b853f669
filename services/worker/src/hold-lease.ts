import { AppError } from '@cookie-scanner/errors';
import type { Logger } from '@cookie-scanner/observability';

/** A share of the lease: so often may a renewal fail before the lease is lost. */
const RENEWALS_PER_LEASE = 4;

/** A lease that is being renewed. */
export interface Lease {
  /** Aborted with AppError SCAN_CLAIM_LOST once the lease is, or may be, somebody else's. */
  readonly signal: AbortSignal;
  /** Stops renewing. The lease then runs out by itself. */
  stop(): void;
}

interface LeaseOptions {
  /** Prolongs the lease by `leaseMs` from now; false when somebody else holds it. */
  readonly renew: () => Promise<boolean>;
  readonly leaseMs: number;
  /** When the lease was asked for, on the clock of `performance.now()`; it began no earlier. */
  readonly grantedAtMs: number;
  readonly log: Logger;
}

/**
 * Renews a lease until told to stop. It counts as lost when a renewal is refused, and when none has succeeded for
 * as long as a lease lasts, because then another may have taken it without our hearing of it.
 */
export function holdLease({ renew, leaseMs, grantedAtMs, log }: LeaseOptions): Lease {
  const lost = new AbortController();
  let expiry: NodeJS.Timeout;
  let isRenewing = false;

  function stop(): void {
    clearTimeout(expiry);
    clearInterval(renewals);
  }

  function lose(reason: string): void {
    stop();
    lost.abort(new AppError('SCAN_CLAIM_LOST', `The scan is not ours any more: ${reason}.`));
  }

  /** A lease counts from the moment it was asked for, which is never later than when the database granted it. */
  function expireAfter(askedAtMs: number): void {
    clearTimeout(expiry);
    const leftMs = leaseMs - (performance.now() - askedAtMs);
    expiry = setTimeout(() => lose('its lease ran out before it could be renewed'), leftMs);
  }

  async function renewOnce(): Promise<void> {
    if (isRenewing) return;
    isRenewing = true;
    const askedAtMs = performance.now();
    try {
      const isOurs = await renew();
      if (lost.signal.aborted) return;
      if (isOurs) expireAfter(askedAtMs);
      else lose('another attempt took it');
    } catch (error) {
      // The next renewal may succeed; if none does in time, the lease is lost.
      log.warn('could not renew the lease of a scan', { error });
    } finally {
      isRenewing = false;
    }
  }

  expireAfter(grantedAtMs);
  const renewals = setInterval(() => void renewOnce(), leaseMs / RENEWALS_PER_LEASE);
  return { signal: lost.signal, stop };
}

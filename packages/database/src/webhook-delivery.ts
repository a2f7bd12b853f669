/** A delivery that was claimed, with what sending it needs. */
export interface ClaimedDelivery {
  id: string;
  endpointId: string;
  eventId: string;
  payload: unknown;
  /** Counted from 1; what names an older one is not written. */
  attempt: number;
  url: string;
  secretSealed: Uint8Array;
  /** The secret before a change, while it signs too; else null. */
  previousSecretSealed: Uint8Array | null;
}

/** How an attempt ended. */
export type DeliveryOutcome =
  | { kind: 'delivered'; status: number }
  | {
      kind: 'failed';
      /** Of the answer; null when there was none. */
      status: number | null;
      reason: string;
      /** Null when it was the last attempt. */
      retryInSeconds: number | null;
      /** From so many failures in a row on, the endpoint gets nothing for a while. */
      circuit: { failuresMin: number; pauseSeconds: (consecutiveFailures: number) => number };
    }
  /** The receiver says that it is gone for good. */
  | { kind: 'gone'; status: number; reason: string };

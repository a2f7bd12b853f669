import type { AttachedTarget } from '../browser/target-attacher.ts';

/**
 * Watches one aspect of every target of one scan. A collector records what happened and judges nothing; what it
 * recorded is read from its own functions when the scan ends. There is a new instance for every scan.
 */
export interface Collector {
  /** Enables what it needs and starts listening. Must send its commands before it returns, without waiting. */
  attach(target: AttachedTarget): void;
  /** The target is gone; nothing more will be heard of it. */
  detached?(target: AttachedTarget): void;
}

/** Milliseconds since the scan began. */
export type ScanClock = () => number;

/** How a scan has to end: with its result, or given up because it takes down whoever works on it. */
export type ExpectedEnd = 'result' | 'given up';

/** Everything that clients of the platform know of what they asked for. */
export interface History {
  /** The platform said that it has this scan. */
  accept(scanId: string, end?: ExpectedEnd): void;
  /** The platform said that it has so many scans under this batch. */
  acceptBatch(batchId: string, scanCount: number): void;
  /** It is not known whether so many scans were accepted, for no answer came. */
  lose(scanCount: number): void;
  /** Something was wrong while it happened, in words. */
  note(flaw: string): void;
  readonly scans: ReadonlyMap<string, ExpectedEnd>;
  readonly batches: ReadonlyMap<string, number>;
  readonly lostCount: () => number;
  readonly flaws: readonly string[];
}

/** Begins to remember. */
export function openHistory(): History {
  const scans = new Map<string, ExpectedEnd>();
  const batches = new Map<string, number>();
  const flaws: string[] = [];
  let lostCount = 0;
  return {
    accept: (scanId, end = 'result') => void scans.set(scanId, end),
    acceptBatch: (batchId, scanCount) => void batches.set(batchId, scanCount),
    lose: (scanCount) => void (lostCount += scanCount),
    note: (flaw) => void flaws.push(flaw),
    ...{ scans, batches, flaws, lostCount: () => lostCount },
  };
}

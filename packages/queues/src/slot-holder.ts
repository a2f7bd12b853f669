import type { Release, SharedSlots, SlotWait } from './shared-slots.ts';

/** What one consumer holds of the slots that it shares with others. */
export interface SlotHolder {
  /**
   * Waits for a slot to fetch a job with. Null when it is not to fetch now: the consumer is being closed, or has a job in
   * hand that it must begin first, which it does not do while it waits.
   */
  take(): Promise<Release | null>;
  /** Notes that a job was fetched with this slot. */
  keep(token: string, slot: Release): void;
  /** The job of this token is being worked on. */
  begin(token: string): void;
  /** The job of this token is done with, whatever came of it. */
  release(token: string): void;
  /** True while it waits because others have all slots. */
  isWaiting(): boolean;
  /** Takes none from now on. */
  close(): void;
}

/** Nothing held yet. */
export function slotHolder(slots: SharedSlots): SlotHolder {
  const held = new Map<string, Release>();
  const fetched = new Set<string>();
  const waits = new Set<SlotWait>();
  let isClosed = false;

  function giveUpWaits(): void {
    for (const wait of waits) wait.giveUp();
  }

  return {
    async take() {
      if (isClosed) return null;
      const free = slots.tryTake();
      if (free) return free;
      if (fetched.size > 0) return null;
      const wait = slots.take();
      waits.add(wait);
      try {
        return await wait.slot;
      } finally {
        waits.delete(wait);
      }
    },
    keep(token, slot) {
      held.set(token, slot);
      fetched.add(token);
      // Whoever waits on behalf of the same consumer would keep it from beginning this job.
      giveUpWaits();
    },
    begin: (token) => void fetched.delete(token),
    release(token) {
      fetched.delete(token);
      held.get(token)?.();
      held.delete(token);
    },
    isWaiting: () => waits.size > 0,
    close() {
      isClosed = true;
      giveUpWaits();
    },
  };
}

/** Gives a slot back; more than once is as good as once. */
export type Release = () => void;

/** A place in the line for a slot. */
export interface SlotWait {
  /** Resolves with the slot, or with null when the wait was given up. */
  readonly slot: Promise<Release | null>;
  /** Leaves the line. A slot that was given already is kept. */
  giveUp(): void;
}

/** Room for so many jobs at the same time, in which the consumers of several queues share: first come, first served. */
export interface SharedSlots {
  /** A slot at once; null when none is free, or when others wait for one. */
  tryTake(): Release | null;
  /** A slot as soon as it is one's turn. */
  take(): SlotWait;
  /** Makes room for so many from now on; jobs that run go on. */
  setSize(size: number): void;
}

interface Waiter {
  resolve(slot: Release | null): void;
}

/** Slots for `size` jobs. */
export function sharedSlots(size: number): SharedSlots {
  const waiters = new Set<Waiter>();
  let sizeNow = size;
  let taken = 0;

  function slot(): Release {
    let isHeld = true;
    taken += 1;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      taken -= 1;
      serve();
    };
  }

  function serve(): void {
    for (const waiter of waiters) {
      if (taken >= sizeNow) return;
      waiters.delete(waiter);
      waiter.resolve(slot());
    }
  }

  return {
    tryTake: () => (waiters.size === 0 && taken < sizeNow ? slot() : null),
    take() {
      const { promise, resolve } = Promise.withResolvers<Release | null>();
      const waiter: Waiter = { resolve };
      waiters.add(waiter);
      serve();
      return {
        slot: promise,
        giveUp() {
          if (waiters.delete(waiter)) resolve(null);
        },
      };
    },
    setSize(next) {
      sizeNow = next;
      serve();
    },
  };
}

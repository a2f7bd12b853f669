/** A wait that can be cut short. Nudges that come while nobody waits are kept, as one. */
export interface Nudge {
  nudge(): void;
  /** Resolves at the next nudge, or after `timeoutMs`. */
  wait(timeoutMs: number): Promise<void>;
}

/** Makes a nudge for one waiter. */
export function createNudge(): Nudge {
  let isPending = false;
  let wake: () => void = () => undefined;
  return {
    nudge() {
      isPending = true;
      wake();
    },
    async wait(timeoutMs) {
      if (!isPending) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, timeoutMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      isPending = false;
    },
  };
}

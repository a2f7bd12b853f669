/** The one place of a worker for a scan with its last chance. */
export interface LastChanceSeat {
  /** Null while it is taken. */
  take(): SeatTaken | null;
}

/** Whoever has the place. */
interface SeatTaken {
  /** Frees the place; safe to repeat. */
  leave(): void;
}

/**
 * A scan that took down several workers took others with it, which look just as bad. Each of them gets its last chance in a
 * worker where no other of them runs, so that only the bad one is given up.
 */
export function lastChanceSeat(): LastChanceSeat {
  let taken: symbol | null = null;
  return {
    take() {
      if (taken) return null;
      const mine = Symbol('who has it');
      taken = mine;
      return {
        leave() {
          if (taken === mine) taken = null;
        },
      };
    },
  };
}

import type { ChaosPlatform } from '../platform/platform.ts';
import type { SeededRandom } from '../seeded-random.ts';

/** Something that goes wrong, for as long as `strike` takes, and what must hold meanwhile. */
export interface Fault {
  /** What happens, as the log of a run says it. */
  readonly name: string;
  /** Only for runs that take minutes. */
  readonly isLong?: boolean;
  /** Only for workers whose engine visits nothing, because it takes very many scans or a bad one. */
  readonly isForTrivialEngine?: boolean;
  /**
   * Does it, and looks whether the platform does what it must.
   *
   * @throws Error when the platform does not get well again
   */
  strike(context: FaultContext): Promise<void>;
}

/** What a fault works with. */
export interface FaultContext {
  readonly platform: ChaosPlatform;
  readonly random: SeededRandom;
  /** True for runs that take minutes: more scans. */
  readonly isLong: boolean;
  /** True where nothing else makes the machine slow: bounds of time count. */
  readonly checksTimes: boolean;
  /** Says what was measured. */
  readonly say: (line: string) => void;
  /** Notes a problem of the platform, in words, unless all is as it must be. */
  readonly expect: (isRight: boolean, otherwise: string) => void;
}

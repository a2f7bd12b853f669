/** Times and limits of a consumer. Services use the defaults; tests shorten them. */
export interface ConsumerTiming {
  /** How long a job stays ours without renewal; renewed at half of it. A dead consumer's job waits this long. */
  readonly lockDurationMs: number;
  /** How often consumers look for jobs whose consumer died; two looks are needed. */
  readonly stalledIntervalMs: number;
  /** How often a job may take its consumer down before it is given up. */
  readonly stalledCountMax: number;
  /**
   * Ceiling over all starts of a job, whatever came of them. Wide, because jobs that came back at no cost count
   * too: a job must survive many restarts, and a job that is lost to the ceiling is offered anew by the sweeper.
   */
  readonly startedCountMax: number;
  /** Longest pause between two polls of an empty queue. */
  readonly pollIntervalMs: number;
  /** How long a job may take to react to its abort signal before it is left behind. */
  readonly abortGraceMs: number;
}

/** The slowest takeover of a dead consumer's job is about lock duration plus two looks: 25 s. */
export const DEFAULT_TIMING: ConsumerTiming = {
  lockDurationMs: 15_000,
  stalledIntervalMs: 5_000,
  stalledCountMax: 2,
  startedCountMax: 100,
  pollIntervalMs: 5_000,
  abortGraceMs: 5_000,
};

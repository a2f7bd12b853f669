import { JobAborted, type AbortKind } from './job-aborted.ts';

/** A job that is being processed here. */
interface RunningJob {
  /** Aborted with a `JobAborted` when the job must stop. */
  readonly signal: AbortSignal;
  /** Takes the job off the list, whatever became of it. */
  end(): void;
}

/** The jobs that one consumer is processing, so that they can be stopped and waited for. */
export interface RunningJobs {
  /**
   * Puts a job on the list and aborts it after `timeoutMs`. A job of the same id that still runs here has lost
   * its lock, for the queue would not have given it out again otherwise.
   */
  start(jobId: string): RunningJob;
  /** The queue gave a job to somebody else, or is about to: aborts it, unless it is to go on. */
  loseLock(jobId: string): void;
  /** Aborts all that run, and from now on every job as soon as it starts. */
  abortAll(kind: AbortKind): void;
  ids(): string[];
  /** Resolves when nothing runs. */
  whenIdle(): Promise<void>;
  /** True when some job runs that is not long past its time limit. */
  isBusyWithinLimits(): boolean;
}

interface Entry {
  readonly jobId: string;
  readonly startedAtMs: number;
  readonly controller: AbortController;
}

interface RunningJobsOptions {
  /** Limit of one job. */
  readonly timeoutMs: number;
  /** How long after its limit a job may take to react before it counts as stuck. */
  readonly graceMs: number;
  readonly stopOnLostLock: boolean;
}

/** An empty list. */
export function runningJobs({ timeoutMs, graceMs, stopOnLostLock }: RunningJobsOptions): RunningJobs {
  const entries = new Set<Entry>();
  const idleWaiters = new Set<() => void>();
  let abortEveryStart: AbortKind | null = null;

  function abort(entry: Entry, kind: AbortKind): void {
    entry.controller.abort(new JobAborted(kind));
  }

  function loseLock(jobId: string): void {
    if (!stopOnLostLock) return;
    for (const entry of entries) if (entry.jobId === jobId) abort(entry, 'lock_lost');
  }

  return {
    start(jobId) {
      loseLock(jobId);
      const entry = { jobId, startedAtMs: performance.now(), controller: new AbortController() };
      const timer = setTimeout(() => abort(entry, 'timeout'), timeoutMs);
      entries.add(entry);
      if (abortEveryStart) abort(entry, abortEveryStart);
      return {
        signal: entry.controller.signal,
        end() {
          clearTimeout(timer);
          entries.delete(entry);
          if (entries.size > 0) return;
          for (const wake of idleWaiters) wake();
          idleWaiters.clear();
        },
      };
    },
    loseLock,
    abortAll(kind) {
      abortEveryStart = kind;
      for (const entry of entries) abort(entry, kind);
    },
    ids: () => [...entries].map(({ jobId }) => jobId),
    whenIdle: () =>
      entries.size === 0 ? Promise.resolve() : new Promise((resolve) => idleWaiters.add(() => resolve())),
    isBusyWithinLimits: () =>
      [...entries].some(({ startedAtMs }) => performance.now() - startedAtMs < timeoutMs + graceMs),
  };
}

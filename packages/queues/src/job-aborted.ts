/**
 * Why a running job must stop: the process is being stopped, the job took longer than its contract allows, or
 * another consumer owns the job now.
 */
export type AbortKind = 'shutdown' | 'timeout' | 'lock_lost';

const MESSAGES: Record<AbortKind, string> = {
  shutdown: 'the process is being stopped; the job is handed back',
  timeout: 'the job took longer than its contract allows',
  lock_lost: 'another consumer may have taken over the job',
};

/** The reason of the signal that a processor is given. */
export class JobAborted extends Error {
  override readonly name = 'JobAborted';
  readonly kind: AbortKind;

  /** @param kind - decides what becomes of the job */
  constructor(kind: AbortKind) {
    super(MESSAGES[kind]);
    this.kind = kind;
  }
}

/** Why a signal was aborted; null while it is not, or when somebody else's reason is in it. */
export function abortKind(signal: AbortSignal): AbortKind | null {
  return signal.reason instanceof JobAborted ? signal.reason.kind : null;
}

import type {
  ConsentRun,
  CookieInState,
  CookieObservation,
  SiteObservation,
} from '@cookie-scanner/contracts';
import { cookieKey, jarKey, type JarCookie } from '../../collectors/cookie-jar.ts';

/** One run with everything needed to say what became of its cookies. */
export interface ObservedRun {
  readonly run: ConsentRun;
  /** What was seen in this run alone; its cookies are those of the jar at its end and before a withdrawal. */
  readonly observation: SiteObservation;
  /** At the very end. */
  readonly lastJar: readonly JarCookie[];
  /** Null where no choice was made. */
  readonly jarBeforeChoice: readonly JarCookie[] | null;
  /** Null where nothing was withdrawn. */
  readonly jarBeforeWithdrawal: readonly JarCookie[] | null;
}

/** Identity of a cookie across runs. */
export function observedKey({ name, domain, path, partitionKey }: CookieObservation): string {
  return cookieKey(name, domain, path, partitionKey !== null);
}

/** What became of one cookie of a run. */
export function cookieInState(
  cookie: CookieObservation,
  { run, lastJar, jarBeforeChoice, jarBeforeWithdrawal }: ObservedRun,
): CookieInState {
  const key = observedKey(cookie);
  const { choiceAtMs, withdrawal } = run;
  const untilMs = jarBeforeWithdrawal === null ? Infinity : (withdrawal?.actions[0]?.atMs ?? Infinity);
  const isInLastJar = lastJar.some((each) => jarKey(each) === key);
  const before = jarBeforeChoice?.find((each) => jarKey(each) === key);
  const writes = cookie.events.filter(({ action }) => action !== 'deleted');
  const kept = jarBeforeWithdrawal?.find((each) => jarKey(each) === key);
  const atEnd = jarBeforeWithdrawal === null ? isInLastJar : kept !== undefined;
  const value = kept?.value ?? (isInLastJar ? cookie.value : null);
  if (choiceAtMs === null || jarBeforeChoice === null)
    return { state: run.state, beforeChoice: true, setAfterChoice: false, atEnd, afterWithdrawal: null };
  return {
    state: run.state,
    beforeChoice: before !== undefined || writes.some(({ atMs }) => atMs < choiceAtMs),
    setAfterChoice:
      writes.some(({ atMs }) => atMs >= choiceAtMs && atMs < untilMs) ||
      // Not every write is seen; then the jar tells.
      (atEnd && (before === undefined || (value !== null && before.value !== value))),
    atEnd,
    afterWithdrawal: jarBeforeWithdrawal === null ? null : isInLastJar,
  };
}

import type { BaselineApproval, CookieFacts } from '@cookie-scanner/contracts';
import { cookieFacts, type ClassifiedScan } from './observed-cookie.ts';

/** The cookies that a site may have, as they were when somebody said so. */
export interface BaselineContent {
  readonly cookies: readonly CookieFacts[];
}

/** What counts of an approval. */
type Approval = Pick<BaselineApproval, 'subject' | 'ownerId' | 'reason' | 'expiresAt'>;

/** A cookie that the baseline does not have, and who answers for it. */
interface Deviation {
  readonly cookie: CookieFacts;
  /** `unapproved` nobody answers for it, `expired` somebody must look again, `approved` in order until then. */
  readonly state: 'unapproved' | 'expired' | 'approved';
  /** Null where nobody approved it. */
  readonly approval: Approval | null;
}

/** How a site stands against its baseline. */
export interface BaselineJudgement {
  /** False when a deviation has nobody who answers for it any more. */
  readonly isInOrder: boolean;
  /** Cookies that the baseline does not have. */
  readonly deviations: readonly Deviation[];
  /** Cookies of the baseline that are gone; no fault, but it could be tightened. */
  readonly gone: readonly CookieFacts[];
}

/** Makes a scan the state that later ones are held against. */
export function baselineContent(scan: ClassifiedScan): BaselineContent {
  return { cookies: cookieFacts(scan) };
}

/**
 * Holds a scan against a baseline. An approval counts for the cookie whose `key` is its subject, until it expires; of
 * several the one that lasts longest counts.
 *
 * @param now - Unix milliseconds, so that judging again for the same moment says the same
 */
export function judgeAgainstBaseline(
  scan: ClassifiedScan,
  baseline: BaselineContent,
  approvals: readonly Approval[],
  now: number,
): BaselineJudgement {
  const cookies = cookieFacts(scan);
  const known = new Set(baseline.cookies.map(({ key }) => key));
  const present = new Set(cookies.map(({ key }) => key));
  const deviations = cookies
    .filter(({ key }) => !known.has(key))
    .map((cookie) => deviationOf(cookie, approvals, now));
  return {
    isInOrder: deviations.every(({ state }) => state === 'approved'),
    deviations,
    gone: baseline.cookies.filter(({ key }) => !present.has(key)),
  };
}

function deviationOf(cookie: CookieFacts, approvals: readonly Approval[], now: number): Deviation {
  const approval = approvals
    .filter(({ subject }) => subject === cookie.key)
    .toSorted((a, b) => endOf(b) - endOf(a))[0];
  if (!approval) return { cookie, state: 'unapproved', approval: null };
  return { cookie, state: endOf(approval) > now ? 'approved' : 'expired', approval };
}

function endOf({ expiresAt }: Approval): number {
  return expiresAt === null ? Infinity : Date.parse(expiresAt);
}

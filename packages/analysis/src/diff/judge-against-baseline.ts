import type {
  AppliedApproval,
  BaselineContent,
  BaselineJudgement,
  FindingFacts,
  Severity,
} from '@cookie-scanner/contracts';
import { reaches, SEVERITIES } from '../verdicts/severity.ts';
import { findingFacts, findingKey, openFindings } from './observed-finding.ts';
import type { ClassifiedScan } from './classified-scan.ts';
import { cookieFacts } from './observed-cookie.ts';

/** How a scan is held against a baseline. */
export interface BaselineOptions {
  /** Unix milliseconds, so that judging again for the same moment says the same. */
  readonly now: number;
  /** The least severity that counts of findings; `low` unless told, because `info` is no fault. */
  readonly failOn?: Severity;
}

type Standing = Pick<BaselineJudgement['cookies'][number], 'subject' | 'state' | 'approval'>;

/** Makes a scan the state that later ones are held against. */
export function baselineContent(scan: ClassifiedScan): BaselineContent {
  return {
    cookies: cookieFacts(scan),
    findings: scan.findings.map(findingFacts),
  };
}

/**
 * Holds a scan against a baseline: what of its cookies and open findings is new, or graver, and who answers for it. An
 * approval counts until it expires; of several the one that lasts longest counts. One of a cookie covers the findings
 * about that cookie.
 */
export function judgeAgainstBaseline(
  scan: ClassifiedScan,
  baseline: BaselineContent,
  approvals: readonly AppliedApproval[],
  { now, failOn = 'low' }: BaselineOptions,
): BaselineJudgement {
  const standing = (...subjects: [string, ...string[]]): Standing => standingOf(subjects, approvals, now);
  const seen = cookieFacts(scan);
  const knownCookies = new Set(baseline.cookies.map(({ key }) => key));
  const cookies = seen
    .filter(({ key }) => !knownCookies.has(key))
    .map((cookie) => ({ ...standing(cookie.key), cookie }));

  const knownFindings = new Map(baseline.findings.map((finding) => [findingKey(finding), finding]));
  const findings = openFindings(scan.findings)
    .filter((finding) => isGraver(finding, knownFindings.get(findingKey(finding))))
    .map((finding) => ({
      ...standing(findingKey(finding), finding.subject),
      finding: findingFacts(finding),
    }));

  const presentCookies = new Set(seen.map(({ key }) => key));
  const presentFindings = new Set(scan.findings.map(findingKey));
  return {
    isInOrder: [...cookies, ...findings.filter(({ finding }) => reaches(finding.severity, failOn))].every(
      ({ state }) => state === 'approved',
    ),
    failOn,
    cookies,
    findings,
    gone: {
      cookies: baseline.cookies.filter(({ key }) => !presentCookies.has(key)),
      findings: baseline.findings.filter((finding) => !presentFindings.has(findingKey(finding))),
    },
  };
}

/** @param subjects - what an approval may name; the first is the one to name when nobody did */
function standingOf(
  subjects: readonly [string, ...string[]],
  approvals: readonly AppliedApproval[],
  now: number,
): Standing {
  const [subject] = subjects;
  const approval = approvals
    .filter((one) => subjects.includes(one.subject))
    .toSorted((a, b) => endOf(b) - endOf(a))[0];
  if (!approval) return { subject, state: 'unapproved', approval: null };
  return { subject, state: endOf(approval) > now ? 'approved' : 'expired', approval };
}

function isGraver(finding: FindingFacts, known: FindingFacts | undefined): boolean {
  return !known || SEVERITIES.indexOf(finding.severity) > SEVERITIES.indexOf(known.severity);
}

function endOf({ expiresAt }: AppliedApproval): number {
  return expiresAt === null ? Infinity : Date.parse(expiresAt);
}

import type { CookieClassification, SiteObservation } from '@cookie-scanner/contracts';
import type { ClassifiedCookie } from '../classification/classify-cookies.ts';
import { cookieIdentity } from '../identity/cookie-identity.ts';
import type { ObservedFinding } from './observed-finding.ts';

/** One look at a site, with what its cookies are for. */
export interface ClassifiedScan {
  readonly observation: SiteObservation;
  /** The cookies of the observation, in its order. */
  readonly cookies: readonly ClassifiedCookie[];
  /** What was held against the site then. */
  readonly findings: readonly ObservedFinding[];
}

/** What was stored of a scan when it was judged. */
export interface StoredJudgement {
  /** Of the cookies of the observation, in its order; null and missing ones count as unclassified. */
  readonly classifications: readonly (CookieClassification | null)[];
  readonly findings: readonly ObservedFinding[];
}

/** A scan as it was judged at the time, put together from what was stored of it. */
export function classifiedScan(
  observation: SiteObservation,
  { classifications, findings }: StoredJudgement,
): ClassifiedScan {
  return {
    observation,
    cookies: observation.cookies.map((cookie, position) => ({
      cookie,
      identity: cookieIdentity(cookie),
      classification: classifications[position] ?? UNCLASSIFIED,
    })),
    findings,
  };
}

/** Until a scan is analysed, and when retention removed its rows. */
const UNCLASSIFIED: CookieClassification = {
  category: 'unclassified',
  purpose: null,
  source: 'none',
  confidence: null,
  vendor: null,
  company: null,
  basis: null,
  provenance: {
    entry: null,
    corroboratedBy: null,
    conflicts: [],
    override: null,
    guess: null,
    filterRules: [],
  },
};

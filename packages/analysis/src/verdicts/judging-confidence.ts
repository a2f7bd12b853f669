import type { ComplianceMetrics } from '@cookie-scanner/contracts';
import { isGap, qualityWarnings } from '../quality-warnings.ts';
import type { JudgedSite } from './judged-site.ts';

/** More cookies of unknown purpose than this share, and the judgement rests on too little. */
const UNKNOWN_SHARE_MAX = 0.25;

/** How sure the judgement of a site is as a whole. What could not be seen lowers it, and never the score. */
export function judgingConfidence(
  site: JudgedSite,
): Pick<ComplianceMetrics, 'confidence' | 'confidenceReasons'> {
  if (!site.isSeen) return { confidence: 'low', confidenceReasons: ['The site was not seen.'] };
  const grave: string[] = [];
  const slight: string[] = [];

  if (site.observation.status === 'partial')
    grave.push('The scan is incomplete: there may be more than it saw.');
  const gaps = qualityWarnings(site.observation).filter(isGap);
  if (gaps.length > 0) slight.push('Cookies may be missing: see what the scan could not see.');
  const lostRuns = site.observation.consent.runs.filter(
    ({ status }) => status === 'failed' || status === 'blocked',
  );
  if (lostRuns.length > 0) {
    grave.push(
      `The visit in the state “${lostRuns.map(({ state }) => state).join('”, “')}” did not succeed.`,
    );
  }
  if (!site.isConsentAudit) {
    slight.push(
      'Only a visitor who chooses nothing was looked at: what happens after accepting or refusing is not known.',
    );
  }
  if (site.observation.consent.runs.some(({ outcome }) => outcome === 'not_operable')) {
    grave.push('The banner could be seen, but not pressed: what happens after a choice is not known.');
  }
  if (site.observation.consent.runs.some(({ outcome }) => outcome === 'untaken')) {
    slight.push('A choice was pressed and changed nothing that could be seen.');
  }
  const unknown = site.cookies.filter(
    ({ classification }) => classification.category === 'unclassified',
  ).length;
  if (unknown > site.cookies.length * UNKNOWN_SHARE_MAX) {
    slight.push(`Of ${unknown} of ${site.cookies.length} cookies nobody knows what they are for.`);
  }

  const confidenceReasons = [...grave, ...slight];
  return { confidence: grave.length > 0 ? 'low' : slight.length > 0 ? 'medium' : 'high', confidenceReasons };
}

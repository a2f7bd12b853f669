import { analyseObservation, type Analysis } from '@cookie-scanner/analysis';
import type { SiteObservation } from '@cookie-scanner/contracts';
import { loadKnowledge } from '@cookie-scanner/knowledge';
import type { ClassificationBasis } from './classification-basis.ts';

/** Judges the observation of a scan, with the decisions of its workspace. */
export type AnalyseScan = (scanId: string, observation: SiteObservation) => Promise<Analysis>;

/** Loads the knowledge, once, at start. The function throws AppError DATABASE_UNAVAILABLE (retried). */
export function createAnalyseScan(basisOf: ClassificationBasis): AnalyseScan {
  const knowledge = loadKnowledge();
  return async (scanId, observation) =>
    analyseObservation(observation, knowledge, await basisOf(scanId, observation));
}

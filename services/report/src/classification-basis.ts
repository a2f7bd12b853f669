import { addressesOf, type ClassifyOptions } from '@cookie-scanner/analysis';
import type { SiteObservation } from '@cookie-scanner/contracts';
import type { CategoryOverrideRepository } from '@cookie-scanner/database';
import type { FilterLists } from '@cookie-scanner/filter-lists';
import { loadPurposeModel } from '@cookie-scanner/knowledge';

/** What the basis is made of. */
export interface ClassificationBasisDeps {
  readonly overrides: Pick<CategoryOverrideRepository, 'listForScan'>;
  readonly filterLists: Pick<FilterLists, 'match'>;
}

/** Gathers what the cookies of a scan are judged by, beside the knowledge. */
export type ClassificationBasis = (scanId: string, observation: SiteObservation) => Promise<ClassifyOptions>;

/**
 * Whoever judges a scan, be it for its rows or for its reports, asks here, so that both say the same.
 *
 * The function that it returns throws AppError DATABASE_UNAVAILABLE (retried).
 */
export function classificationBasis({
  overrides,
  filterLists,
}: ClassificationBasisDeps): ClassificationBasis {
  return async (scanId, observation) => ({
    overrides: await overrides.listForScan(scanId),
    model: loadPurposeModel(),
    filterMatches: filterLists.match(
      addressesOf(observation),
      observation.finalUrl ?? observation.requestedUrl,
    ),
  });
}

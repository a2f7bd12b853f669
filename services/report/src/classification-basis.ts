import type { ClassifyOptions } from '@cookie-scanner/analysis';
import type { CategoryOverrideRepository } from '@cookie-scanner/database';
import { loadPurposeModel } from '@cookie-scanner/knowledge';

/** What the basis is made of. */
export interface ClassificationBasisDeps {
  readonly overrides: Pick<CategoryOverrideRepository, 'listForScan'>;
}

/** Gathers what the cookies of a scan are judged by, beside the knowledge. */
export type ClassificationBasis = (scanId: string) => Promise<ClassifyOptions>;

/**
 * Whoever judges a scan, be it for its rows or for its reports, asks here, so that both say the same.
 *
 * The function that it returns throws AppError DATABASE_UNAVAILABLE (retried).
 */
export function classificationBasis({ overrides }: ClassificationBasisDeps): ClassificationBasis {
  return async (scanId) => ({
    overrides: await overrides.listForScan(scanId),
    model: loadPurposeModel(),
  });
}

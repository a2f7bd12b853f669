import type { ClassifyOptions } from '@cookie-scanner/analysis';
import { readObservation, type ArtifactStore } from '@cookie-scanner/artifacts';
import type { KnowledgeBase, SiteObservation } from '@cookie-scanner/contracts';
import {
  storeAnalysis,
  type AnalysisStores,
  type CategoryOverrideRepository,
  type ScanRepository,
} from '@cookie-scanner/database';
import { rejudge, type JudgedLine } from './judged-line.ts';

const SCANS_PER_PAGE = 200;

/** Where the scans of the platform are, and where their judgement goes. */
export interface ReanalyseScansDeps {
  readonly scans: AnalysisStores['scans'] &
    Pick<ScanRepository, 'listObserved' | 'observationArtifact' | 'classificationsOf'>;
  readonly findings: AnalysisStores['findings'];
  readonly artifacts: Pick<ArtifactStore, 'get'>;
  readonly overrides: Pick<CategoryOverrideRepository, 'listForScan'>;
  readonly knowledge: KnowledgeBase;
  /** What is taken into account beside the knowledge and the decisions of the workspace. */
  readonly basisOf: (observation: SiteObservation) => ClassifyOptions;
  /** Told of scans that cannot be judged again, with the reason. */
  readonly onLost: (scanId: string, reason: string) => void;
}

/**
 * Judges every stored scan again, oldest first, and stores what comes out. Decisions of people about findings stay.
 * Can be interrupted and run again.
 */
export async function* reanalyseScans(deps: ReanalyseScansDeps): AsyncGenerator<JudgedLine> {
  let cursor: string | null = null;
  do {
    const page: { items: string[]; nextCursor: string | null } = await deps.scans.listObserved({
      cursor,
      limit: SCANS_PER_PAGE,
    });
    for (const scanId of page.items) {
      const line = await reanalyseScan(deps, scanId);
      if (line) yield line;
    }
    cursor = page.nextCursor;
  } while (cursor !== null);
}

async function reanalyseScan(deps: ReanalyseScansDeps, scanId: string): Promise<JudgedLine | null> {
  const { scans, overrides, artifacts, knowledge, basisOf, onLost } = deps;
  const stored = await scans.observationArtifact(scanId);
  // Deleted since it was listed.
  if (!stored) return null;
  const observation = await readObservation(artifacts, stored);
  if ('lost' in observation) {
    onLost(scanId, observation.lost);
    return null;
  }
  const before = await scans.classificationsOf(scanId);
  const { line, analysis } = rejudge(observation, knowledge, {
    scanId,
    before: before.map((classification) => classification?.category ?? null),
    basis: { ...basisOf(observation), overrides: await overrides.listForScan(scanId) },
  });
  await storeAnalysis(deps, scanId, analysis);
  return line;
}

import { classifiedScan, type ClassifiedScan } from '@cookie-scanner/analysis';
import { readObservation } from '@cookie-scanner/artifacts';
import type { Finding } from '@cookie-scanner/contracts';
import type { FindingRepository } from '@cookie-scanner/database';
import { AppError } from '@cookie-scanner/errors';
import type { GatewayDeps, WorkspaceData } from '../gateway-deps.ts';
import { observationOfScan } from './observation-of-scan.ts';
import { scanNotFound } from './scan-id.ts';

type Sources = Pick<WorkspaceData, 'scans' | 'findings'> & Pick<GatewayDeps, 'artifacts'>;

const FINDINGS_PER_PAGE = 1_000;

/**
 * What a scan saw, with what its cookies were held to be for and what was held against it when it was analysed.
 *
 * @throws AppError SCAN_NOT_FOUND, SCAN_NOT_FINISHED, SCAN_DETAILS_EXPIRED, ARTIFACT_NOT_FOUND when it has no observation
 */
export async function judgedScan(
  { scans, findings, artifacts }: Sources,
  scanId: string,
): Promise<ClassifiedScan> {
  const scan = await scans.find(scanId);
  if (!scan) throw scanNotFound();
  const artifact = await observationOfScan(scans, scan);
  if (!artifact) throw new AppError('ARTIFACT_NOT_FOUND', `Scan ${scanId} ended without an observation.`);
  const observation = await readObservation(artifacts, artifact);
  if ('lost' in observation) throw new AppError('ARTIFACT_NOT_FOUND', `Scan ${scanId}: ${observation.lost}.`);
  return classifiedScan(observation, {
    classifications: await scans.classificationsOf(scanId),
    findings: await allFindings(findings, scanId),
  });
}

async function allFindings(findings: FindingRepository, scanId: string): Promise<Finding[]> {
  const all: Finding[] = [];
  let cursor: string | null = null;
  do {
    const page = await findings.listOfScan(scanId, { cursor, limit: FINDINGS_PER_PAGE });
    all.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return all;
}

import { gzipSync } from 'node:zlib';
import type { SiteObservation } from '@cookie-scanner/contracts';
import { sampleCookie, sampleObservation, sampleTotals } from '@cookie-scanner/contracts/testing';
import type { TestGateway } from './start-test-gateway.ts';

const WORKER_ID = 'test-worker';

/** Takes a scan as a worker would; returns the attempt. */
export async function claimScan({ scans }: TestGateway, scanId: string): Promise<number> {
  const claim = await scans.claim(scanId, { workerId: WORKER_ID, leaseMs: 60_000, attemptsMax: 3 });
  if (claim.kind !== 'claimed') throw new Error(`the scan is ${claim.kind}`);
  return claim.attempt;
}

/** Finishes a claimed scan with cookies of these names. */
export async function finishScan(
  { scans, artifacts }: TestGateway,
  scanId: string,
  attempt: number,
  names: readonly string[] = ['id'],
  change: Partial<SiteObservation> = {},
): Promise<SiteObservation> {
  const observation = sampleObservation(
    names.map((name) => sampleCookie({ name, value: null, valueHash: 'ab12'.repeat(16) })),
    change,
  );
  const artifact = await artifacts.put(
    `scans/${scanId}/${attempt}/observation.json.gz`,
    gzipSync(JSON.stringify(observation)),
  );
  await scans.finish(scanId, {
    attempt,
    workerId: WORKER_ID,
    observation,
    totals: sampleTotals(names.length),
    artifact,
    valuesKept: false,
  });
  return observation;
}

/** Builds a report as the report service would. */
export async function buildReport(
  { reports, artifacts }: TestGateway,
  scanId: string,
  format: 'html' | 'json',
  text: string,
): Promise<void> {
  await reports.createForScan(scanId, ['html', 'json']);
  const report = await reports.findByScan(scanId, format);
  if (!report) throw new Error('the report was not recorded');
  const artifact = await artifacts.put(`reports/${report.id}.${format}`, Buffer.from(text));
  await reports.markReady(report.id, { artifact });
}

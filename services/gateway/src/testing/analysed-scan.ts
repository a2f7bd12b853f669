import { analyseObservation } from '@cookie-scanner/analysis';
import { scanParamsSchema, type SiteObservation } from '@cookie-scanner/contracts';
import { storeAnalysis } from '@cookie-scanner/database';
import { loadKnowledge } from '@cookie-scanner/knowledge';
import { claimScan, finishScan } from './play-worker.ts';
import type { TestGateway } from './start-test-gateway.ts';

const knowledge = loadKnowledge();

/** A scan that nobody has taken yet. */
export async function newScan({ scans }: TestGateway): Promise<string> {
  const params = scanParamsSchema.parse({});
  return (await scans.create({ requestedUrl: 'https://shop.example/', params })).id;
}

/** A scan that saw cookies of these names, finished as a worker would. */
export async function finishedScan(
  gateway: TestGateway,
  names: readonly string[],
): Promise<{ id: string; observation: SiteObservation }> {
  const id = await newScan(gateway);
  const observation = await finishScan(gateway, id, await claimScan(gateway, id), names);
  return { id, observation };
}

/** The same, analysed as the report service would. */
export async function analysedScan(gateway: TestGateway, names: readonly string[]): Promise<string> {
  const { id, observation } = await finishedScan(gateway, names);
  await storeAnalysis(gateway, id, analyseObservation(observation, knowledge));
  return id;
}

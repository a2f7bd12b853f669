import { analyseObservation } from '@cookie-scanner/analysis';
import { savedObservation, type SavedObservation } from '@cookie-scanner/analysis/testing';
import { scanParamsSchema, type SiteObservation } from '@cookie-scanner/contracts';
import { loadKnowledge } from '@cookie-scanner/knowledge';
import type { ReportInput } from './report-input.ts';

const knowledge = loadKnowledge();

export const SHA256 = 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c';

/** The report of a saved observation, with the facts that its scan's row would have. */
export function reportInput(name: SavedObservation, changes: Partial<SiteObservation> = {}): ReportInput {
  const observation = { ...savedObservation(name), ...changes };
  const { requestedUrl, finalUrl, status, statusReason, startedAt, durationMs } = observation;
  return {
    scan: {
      id: '0190a7c4-5d3e-4b1a-9c2d-3f4e5a6b7c8d',
      requestedUrl,
      finalUrl,
      params: scanParamsSchema.parse({ mode: 'quick', timeoutMs: 60_000 }),
      access: null,
      waitsForWorker: null,
      status,
      statusReason,
      attempt: 1,
      queuedAt: '2026-11-22T09:14:01.000Z',
      startedAt,
      finishedAt: '2026-11-22T09:14:08.000Z',
      durationMs,
      totals: null,
      skippedPages: [],
      reports: [{ format: 'html', state: 'queued', url: '/api/v1/scans/x/reports/html' }],
    },
    observation,
    observationSha256: SHA256,
    analysis: analyseObservation(observation, knowledge),
    decisions: new Map(),
    pictures: [],
  };
}

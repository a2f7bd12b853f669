import type { ApiUse, CanvasRead, FingerprintingObservation } from '@cookie-scanner/contracts';
import type { FingerprintsCollector } from '../collectors/fingerprints.collector.ts';
import type { ScriptOrigin } from '../collectors/script-origin.ts';
import type { InitiatorChains } from './initiator-chain.ts';

/** A page can run as many scripts as it likes; real ones run some hundreds at most. */
const SCRIPTS_MAX = 500;
const DOCUMENTS_MAX = 20;
const CANVAS_READS_MAX = 50;

interface ScriptRecord {
  readonly observation: Omit<FingerprintingObservation, 'apis' | 'canvasReads'>;
  readonly apis: Map<string, ApiUse>;
  readonly reads: Map<string, CanvasRead>;
}

/** Joins what was reported by the script that did it, in the order in which scripts began. */
export function fingerprintingObservations(
  fingerprints: FingerprintsCollector,
  chains: InitiatorChains,
): FingerprintingObservation[] {
  const scripts = new Map<string, ScriptRecord>();
  const recordOf = scriptRecords(scripts, chains);
  for (const use of fingerprints.uses()) {
    const record = recordOf(use);
    if (!record) continue;
    for (const { api, count } of use.apis) {
      const known = record.apis.get(api);
      record.apis.set(api, { api, count: (known?.count ?? 0) + count });
    }
    record.observation.fontsProbed += use.newFonts;
    record.observation.webglParameters += use.newParameters;
  }
  for (const reading of fingerprints.canvasReadings()) {
    const record = recordOf(reading);
    if (!record) continue;
    const key = JSON.stringify(reading.read);
    const known = record.reads.get(key);
    if (known) known.count += 1;
    else if (record.reads.size < CANVAS_READS_MAX) record.reads.set(key, { ...reading.read, count: 1 });
  }
  return [...scripts.values()]
    .map(({ observation, apis, reads }) => ({
      ...observation,
      apis: [...apis.values()].sort((a, b) => (a.api < b.api ? -1 : 1)),
      canvasReads: [...reads.values()],
    }))
    .sort((a, b) => a.atMs - b.atMs);
}

/** Finds the record of whichever script acted; null once there are too many. */
function scriptRecords(
  scripts: Map<string, ScriptRecord>,
  chains: InitiatorChains,
): (origin: ScriptOrigin) => ScriptRecord | null {
  return (origin) => {
    const { url, initiators, confidence } = chains.ofScript(origin);
    const known = scripts.get(url);
    if (known) {
      const { documentUrls } = known.observation;
      if (documentUrls.length < DOCUMENTS_MAX && !documentUrls.includes(origin.documentUrl))
        documentUrls.push(origin.documentUrl);
      known.observation.atMs = Math.min(known.observation.atMs, Math.round(origin.atMs));
      return known;
    }
    if (scripts.size >= SCRIPTS_MAX) return null;
    const record: ScriptRecord = {
      observation: {
        scriptUrl: url,
        initiators,
        confidence,
        documentUrls: [origin.documentUrl],
        atMs: Math.round(origin.atMs),
        fontsProbed: 0,
        webglParameters: 0,
      },
      apis: new Map(),
      reads: new Map(),
    };
    scripts.set(url, record);
    return record;
  };
}

import type { Setter, StorageKind, StorageObservation } from '@cookie-scanner/contracts';
import type { StoredItem } from '../collectors/page-storage.ts';
import type { ScriptWritesCollector, StorageWrite } from '../collectors/script-writes.collector.ts';
import { UNKNOWN_SETTER } from './inferred-setter.ts';
import type { InitiatorChains } from './initiator-chain.ts';

/** What is known by the scripts alone that opened it, because the browser cannot be asked what there is. */
const KNOWN_BY_OPENING: ReadonlySet<StorageKind> = new Set(['indexeddb', 'shared', 'bucket', 'opfs']);

/** Joins what the browser stores with the scripts that were seen storing it. */
export function storageObservations(
  stored: readonly StoredItem[],
  scripts: ScriptWritesCollector,
  chains: InitiatorChains,
): StorageObservation[] {
  const setters = new Map<string, Setter>();
  const opened = new Map<string, StorageObservation>();
  for (const write of scripts.storageWrites()) {
    const origin = originOf(write);
    const key = keyOf(write.storage, origin, write.key);
    if (setters.has(key)) continue;
    const setBy: Setter = { kind: 'javascript', ...chains.ofScript(write) };
    if (write.isConcluded) setBy.confidence = 'inferred';
    setters.set(key, setBy);
    if (KNOWN_BY_OPENING.has(write.storage) || write.isInBucket)
      opened.set(key, {
        kind: write.storage,
        origin,
        key: write.key,
        sizeBytes: 0,
        valueShape: null,
        setBy,
        consentStates: [],
      });
  }
  const read = stored.map(({ kind, origin, key, sizeBytes, valueShape }) => ({
    ...{ kind, origin, key, sizeBytes, valueShape },
    setBy: setters.get(keyOf(kind, origin, key)) ?? UNKNOWN_SETTER,
    consentStates: [],
  }));
  return [...read, ...opened.values()];
}

/** A document without an address of its own stores for the document around it. */
function originOf({ documentUrl, ancestorUrls }: StorageWrite): string {
  const url = [documentUrl, ...ancestorUrls].find((candidate) => /^https?:/.test(candidate));
  return url ? new URL(url).origin : '';
}

function keyOf(kind: string, origin: string, key: string): string {
  return [kind, origin, key].join('\u0000');
}

import type { Setter, StorageObservation } from '@cookie-scanner/contracts';
import type { StoredItem } from '../collectors/page-storage.ts';
import type { ScriptWritesCollector, StorageWrite } from '../collectors/script-writes.collector.ts';
import { UNKNOWN_SETTER } from './inferred-setter.ts';
import type { InitiatorChains } from './initiator-chain.ts';

/** Joins what the browser stores with the scripts that were seen storing it; databases are known by those alone. */
export function storageObservations(
  stored: readonly StoredItem[],
  scripts: ScriptWritesCollector,
  chains: InitiatorChains,
): StorageObservation[] {
  const setters = new Map<string, Setter>();
  const databases = new Map<string, StorageObservation>();
  for (const write of scripts.storageWrites()) {
    const origin = originOf(write);
    const key = keyOf(write.storage, origin, write.key);
    if (setters.has(key)) continue;
    const setBy: Setter = { kind: 'javascript', ...chains.ofScript(write) };
    setters.set(key, setBy);
    if (write.storage === 'indexeddb')
      databases.set(key, {
        kind: 'indexeddb',
        origin,
        key: write.key,
        sizeBytes: 0,
        valueShape: null,
        setBy,
      });
  }
  const read = stored.map(({ kind, origin, key, sizeBytes, valueShape }) => ({
    ...{ kind, origin, key, sizeBytes, valueShape },
    setBy: setters.get(keyOf(kind, origin, key)) ?? UNKNOWN_SETTER,
  }));
  return [...read, ...databases.values()];
}

/** A document without an address of its own stores for the document around it. */
function originOf({ documentUrl, ancestorUrls }: StorageWrite): string {
  const url = [documentUrl, ...ancestorUrls].find((candidate) => /^https?:/.test(candidate));
  return url ? new URL(url).origin : '';
}

function keyOf(kind: string, origin: string, key: string): string {
  return [kind, origin, key].join('\u0000');
}

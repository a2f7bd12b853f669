import type { StorageObservation } from '@cookie-scanner/contracts';
import type { StorageSummary } from './observation-summary.ts';
import { setterChain } from './setter-chain.ts';
import { byKeys } from './sort-order.ts';
import { hostOf, siteOf } from './web-address.ts';

const KINDS: Record<StorageObservation['kind'], string> = {
  local: 'Local storage',
  session: 'Session storage',
  indexeddb: 'IndexedDB database',
  cache: 'Cache storage',
  shared: 'Shared Storage',
  bucket: 'Storage bucket',
  opfs: 'Private file',
};

/**
 * Storage entries with their party and setter chain, first-party before third-party.
 *
 * @param site - registrable domain of the visited site; null when it is not known, then everything is third-party
 */
export function summariseStorage(
  entries: readonly StorageObservation[],
  site: string | null,
): StorageSummary[] {
  return entries
    .map((storage): StorageSummary => {
      const host = hostOf(storage.origin);
      const isFirstParty = host !== null && site !== null && siteOf(host) === site;
      return {
        storage,
        kindText: KINDS[storage.kind],
        party: isFirstParty ? 'first' : 'third',
        chain: setterChain(storage.setBy),
      };
    })
    .sort(byKeys(({ storage, party }) => [party, storage.origin, storage.kind, storage.key]));
}

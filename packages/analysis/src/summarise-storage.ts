import type { StorageObservation } from '@cookie-scanner/contracts';
import type { StorageSummary } from './observation-summary.ts';
import { setterChain } from './setter-chain.ts';
import { byKeys } from './sort-order.ts';
import { STORAGE_KIND_WORDS } from './storage-kind-text.ts';
import { hostOf, siteOf } from './web-address.ts';

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
        kindText: STORAGE_KIND_WORDS[storage.kind],
        party: isFirstParty ? 'first' : 'third',
        chain: setterChain(storage.setBy),
      };
    })
    .sort(byKeys(({ storage, party }) => [party, storage.origin, storage.kind, storage.key]));
}

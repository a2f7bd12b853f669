import type { StorageObservation } from '@cookie-scanner/contracts';
import { stableName } from './stable-name.ts';

/** What makes a storage item the same in another scan: kind, origin and key, with `*` for what rotates in it. */
export function storageIdentity({
  kind,
  origin,
  key,
}: Pick<StorageObservation, 'kind' | 'origin' | 'key'>): string {
  return JSON.stringify([kind, origin, stableName(key)]);
}

import type { StorageObservation } from '@cookie-scanner/contracts';

/** Kinds of storage in words. */
export const STORAGE_KIND_WORDS: Readonly<Record<StorageObservation['kind'], string>> = {
  local: 'Local storage',
  session: 'Session storage',
  indexeddb: 'IndexedDB database',
  cache: 'Cache storage',
  shared: 'Shared Storage',
  bucket: 'Storage bucket',
  opfs: 'Private file',
};

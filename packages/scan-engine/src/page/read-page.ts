import type { FormMarkers } from '../attribution/form-markers.ts';
import { readPageStorage, type StoredItem } from '../collectors/page-storage.ts';
import { TIMED_OUT, within } from '../deadline.ts';
import type { ScanSession } from '../scan-session.ts';

/**
 * Reads what a page keeps, while it is still there: the jar, the names of the scripts that wrote, and its storage.
 *
 * @param limitMs - bound on each question to a page that may not answer
 * @returns what the storage of all its frames holds; empty where the page did not say in time
 */
export async function readPage(session: ScanSession, limitMs: number): Promise<StoredItem[]> {
  const names = session.scriptNames.resolve([
    ...session.scripts.cookieWrites(),
    ...session.scripts.storageWrites(),
    ...session.fingerprints.canvasReadings(),
    ...session.fingerprints.uses(),
  ]);
  const find: FormMarkers['find'] = (value) => session.forms.markers.find(value);
  const [storage] = await Promise.all([
    within(readPageStorage(session.frames.withSessions(), find), limitMs),
    within(session.snapshotJar(), limitMs),
    within(names, limitMs),
  ]);
  return storage === TIMED_OUT ? [] : storage;
}

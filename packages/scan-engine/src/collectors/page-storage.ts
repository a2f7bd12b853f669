import type { ValueShape } from '@cookie-scanner/contracts';
import { valueShapeOf } from '../value-shape.ts';
import type { FoundMarker, FormMarkers } from '../attribution/form-markers.ts';
import type { CDPSession } from '../browser/cdp.ts';

/** Entries of one storage whose values are looked at; a page can make a hundred thousand. */
const SHAPES_MAX = 1_000;

/** One entry of client-side storage as the browser holds it. */
export interface StoredItem {
  readonly kind: 'local' | 'session' | 'cache';
  readonly origin: string;
  readonly key: string;
  readonly sizeBytes: number;
  /** What the value looks like; null for a cache, which has none, and for all entries beyond the first thousand. */
  readonly valueShape: ValueShape | null;
  /** What of the text that was typed into forms is in the value; null when nothing is, or nobody looked. */
  readonly marker: FoundMarker | null;
}

/** Where one frame keeps its storage. */
export interface FrameStorage {
  readonly session: CDPSession;
  readonly frameId: string;
}

/**
 * Reads Web Storage and the caches of the given frames, each storage key once. Frames without access to storage (sandboxed,
 * data: addresses) have none; a frame that is gone meanwhile has none either. Databases are not read here: a
 * page whose clock stands never answers for them, and the hook saw them opened.
 *
 * @param find - looks for text that was typed into forms
 */
export async function readPageStorage(
  frames: readonly FrameStorage[],
  find: FormMarkers['find'],
): Promise<StoredItem[]> {
  const keys = new Map<string, CDPSession>();
  await Promise.all(
    frames.map(async ({ session, frameId }) => {
      const answer = await session.send('Storage.getStorageKeyForFrame', { frameId }).catch(() => null);
      if (answer && !keys.has(answer.storageKey)) keys.set(answer.storageKey, session);
    }),
  );
  const items = await Promise.all(
    [...keys].map(async ([storageKey, session]) => await readStorageKey(session, storageKey, find)),
  );
  return items.flat();
}

async function readStorageKey(
  session: CDPSession,
  storageKey: string,
  find: FormMarkers['find'],
): Promise<StoredItem[]> {
  // A storage key is an origin with a slash, followed by partition details where there are any.
  const origin = storageKey.split('/').slice(0, 3).join('/');
  const webStorage = async (kind: 'local' | 'session'): Promise<StoredItem[]> => {
    const storageId = { storageKey, isLocalStorage: kind === 'local' };
    const answer = await session.send('DOMStorage.getDOMStorageItems', { storageId }).catch(() => null);
    return (answer?.entries ?? []).map(([key = '', value = ''], index) => ({
      kind,
      origin,
      key,
      sizeBytes: Buffer.byteLength(key) + Buffer.byteLength(value),
      valueShape: index < SHAPES_MAX ? valueShapeOf(value) : null,
      marker: index < SHAPES_MAX ? find(value) : null,
    }));
  };
  const caches = async (): Promise<StoredItem[]> => {
    const answer = await session.send('CacheStorage.requestCacheNames', { storageKey }).catch(() => null);
    return (answer?.caches ?? []).map(({ cacheName }) => ({
      kind: 'cache',
      origin,
      key: cacheName,
      sizeBytes: 0,
      valueShape: null,
      marker: null,
    }));
  };
  return (await Promise.all([webStorage('local'), webStorage('session'), caches()])).flat();
}

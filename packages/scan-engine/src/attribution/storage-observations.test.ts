import { beforeEach, describe, expect, it } from '@jest/globals';
import type { StoredItem } from '../collectors/page-storage.ts';
import { stackOf } from '../fake-target.test.helper.ts';
import { UNKNOWN_SETTER } from './inferred-setter.ts';
import { scanEvidence, type ScanEvidence } from './scan-evidence.test.helper.ts';
import { storageObservations } from './storage-observations.ts';

const ORIGIN = 'https://shop.test';
const TAG = 'https://tracker.test/tag.js';
const valueShape = { kind: 'word', length: 4, entropyBits: 8 } as const;
const kept = { kind: 'local', origin: ORIGIN, key: 'theme', sizeBytes: 9, valueShape } as const;
const stored: StoredItem = { ...kept, marker: null };

let scan: ScanEvidence;

beforeEach(() => {
  scan = scanEvidence();
});

function observe(...items: StoredItem[]): ReturnType<typeof storageObservations> {
  return storageObservations(items, scan.scripts, scan.chains());
}

describe('an entry of storage', () => {
  it('was set by the first script that wrote it', () => {
    scan.report(scan.page, ['storage.set', 'local', 'theme'], stackOf(TAG));
    scan.report(scan.page, ['storage.set', 'local', 'theme'], stackOf('https://later.test/'));
    expect(observe(stored)).toMatchObject([{ ...kept, setBy: { kind: 'javascript', url: TAG } }]);
  });

  it('has an unknown setter when nobody was seen, or only for another kind or key', () => {
    scan.report(scan.page, ['storage.set', 'session', 'theme'], stackOf(TAG));
    scan.report(scan.page, ['storage.set', 'local', 'Theme'], stackOf(TAG));
    expect(observe(stored)).toEqual([{ ...kept, setBy: UNKNOWN_SETTER, consentStates: [] }]);
  });

  it('that was written past all functions was set by whoever had asked for the storage, as a conclusion', () => {
    scan.report(scan.page, ['storage.property', 'local', 'theme'], stackOf(TAG));
    expect(observe(stored)).toMatchObject([{ ...kept, setBy: { url: TAG, confidence: 'inferred' } }]);
  });

  it.each(['shared', 'bucket', 'opfs'])('of the kind %s is known by its opening alone', (kind) => {
    scan.report(scan.page, ['storage.set', kind, 'name'], stackOf(TAG));
    expect(observe()).toMatchObject([{ kind, origin: ORIGIN, key: 'name', setBy: { url: TAG } }]);
  });

  it('that is a cache is known by its opening only where it is in a bucket', () => {
    scan.report(scan.page, ['storage.set', 'cache', 'plain'], stackOf(TAG));
    scan.report(scan.page, ['storage.in_bucket', 'cache', 'inner'], stackOf(TAG));
    expect(observe()).toMatchObject([{ kind: 'cache', key: 'inner', setBy: { url: TAG } }]);
  });

  it('that is gone again is not listed, although somebody was seen writing it', () => {
    scan.report(scan.page, ['storage.set', 'local', 'theme'], stackOf(TAG));
    expect(observe()).toEqual([]);
  });

  it('that is a database is known by its opening alone, once', () => {
    scan.report(scan.page, ['storage.set', 'indexeddb', 'queue'], stackOf(TAG));
    scan.report(scan.page, ['storage.set', 'indexeddb', 'queue'], stackOf(TAG));
    expect(observe()).toMatchObject([
      { kind: 'indexeddb', origin: ORIGIN, key: 'queue', setBy: { url: TAG } },
    ]);
  });
});

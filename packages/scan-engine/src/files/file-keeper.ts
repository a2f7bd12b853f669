import type { ScanFile, ScanFileKind } from '@cookie-scanner/contracts';
import { createHash } from 'node:crypto';
import { TIMED_OUT, within } from '../deadline.ts';

/** A file that a scan made, for whoever stores it. */
export interface FileToSave {
  readonly kind: ScanFileKind;
  /** Unique within the scan; see `scanFileNameSchema`. */
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** Stores a file and says where; the answer stands in the observation. */
export type SaveFile = (file: FileToSave) => Promise<string>;

/** What a file is, beside its bytes. */
export type FileFacts = Pick<ScanFile, 'kind' | 'contentType' | 'pageUrl' | 'atMs' | 'width' | 'height'> & {
  /** What it shows, such as `page-1`; becomes part of its name. */
  readonly label: string;
  readonly extension: 'png' | 'har';
};

/** Hands the files of one scan to whoever stores them, and keeps what is known of them. */
export interface FileKeeper {
  /** Stores a file and tells its name. One that cannot be stored costs itself and a note, never the scan: null. */
  save(facts: FileFacts, bytes: Uint8Array, limitMs: number): Promise<string | null>;
  /** Adds a sentence on a file that is not there. */
  note(sentence: string): void;
  all(): readonly ScanFile[];
  /** Each once. */
  notes(): readonly string[];
}

/** Files of one scan at most; consent audits take several pictures of each page. */
const FILES_MAX = 40;

/** Opens the keeper of one scan. */
export function openFileKeeper(saveFile: SaveFile): FileKeeper {
  const files: ScanFile[] = [];
  const notes = new Set<string>();
  const names = new Set<string>();

  return {
    async save({ label, extension, ...facts }, bytes, limitMs) {
      if (names.size >= FILES_MAX) {
        notes.add(`A scan keeps ${FILES_MAX} files at most; further ones were not stored.`);
        return null;
      }
      const name = freeName(label, extension, names);
      names.add(name);
      const { kind, contentType } = facts;
      const stored = await within(
        saveFile({ kind, name, contentType, bytes }).then(
          (reference) => ({ reference }),
          // Whoever stores it has said why to its own log; what a reader must know is that it is missing.
          () => null,
        ),
        limitMs,
      );
      if (stored === TIMED_OUT || stored === null) {
        notes.add(`The file ${name} could not be stored.`);
        return null;
      }
      files.push({
        ...facts,
        name,
        reference: stored.reference,
        sizeBytes: bytes.byteLength,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      });
      return name;
    },
    note: (sentence) => void notes.add(sentence),
    all: () => files,
    notes: () => [...notes],
  };
}

/** The label in characters that every file system and URL takes, with a number where it is taken. */
function freeName(label: string, extension: string, taken: ReadonlySet<string>): string {
  const stem =
    label
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .slice(0, 80)
      .replace(/^-+|-+$/g, '') || 'file';
  for (let copy = 1; ; copy += 1) {
    const name = `${stem}${copy === 1 ? '' : `-${copy}`}.${extension}`;
    if (!taken.has(name)) return name;
  }
}

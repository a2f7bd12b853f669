import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { identifyProcess, type ProcessIdentity } from '../process-identity.mjs';

/** A program that was started and must not outlive its owner. */
interface ProgramRecord {
  readonly name: string;
  readonly identity: ProcessIdentity;
  /** The signal that makes it end in order. */
  readonly stopSignal: NodeJS.Signals;
}

/** What stands in a ledger file. */
export interface LedgerContent {
  readonly owner: ProcessIdentity;
  /** In order of their start; they are ended in reverse. */
  readonly programs: readonly ProgramRecord[];
  /** Folders that are of no use once the programs have ended. */
  readonly folders: readonly string[];
  /** Facts for others who find the ledger. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/**
 * The record, on disk, of what this process started. Whoever finds it after this process died suddenly can end
 * exactly those programs and no others.
 */
export interface Ledger {
  readonly path: string;
  /** Records a program; one of the same name takes the place of the earlier. */
  addProgram(program: ProgramRecord): void;
  addFolder(folder: string): void;
  setFacts(facts: Readonly<Record<string, unknown>>): void;
  /** Removes the folders and then the record: every program in it has ended. */
  close(): void;
}

/** Opens the ledger of this process. Every change is on disk when the call returns. */
export function openLedger(path: string): Ledger {
  const owner = identifyProcess(process.pid);
  if (!owner) throw new Error('cannot read the start time of this process');
  mkdirSync(dirname(path), { recursive: true });
  let content: LedgerContent = { owner, programs: [], folders: [], facts: {} };

  function write(next: LedgerContent): void {
    content = next;
    const draft = `${path}.draft`;
    // It names a port and a password leads there: readable by the owner only.
    writeFileSync(draft, JSON.stringify(content), { mode: 0o600 });
    renameSync(draft, path);
  }

  write(content);
  return {
    path,
    addProgram(program) {
      const isKnown = content.programs.some(({ name }) => name === program.name);
      const programs = isKnown
        ? content.programs.map((known) => (known.name === program.name ? program : known))
        : [...content.programs, program];
      write({ ...content, programs });
    },
    addFolder: (folder) => write({ ...content, folders: [...content.folders, folder] }),
    setFacts: (facts) => write({ ...content, facts }),
    close() {
      for (const folder of content.folders) rmSync(folder, { recursive: true, force: true });
      rmSync(path, { force: true });
    },
  };
}

/** Reads a ledger. Null when there is none, or when it cannot be read as one. */
export function readLedger(path: string): LedgerContent | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as LedgerContent;
  } catch {
    // Absent, or torn by a full disk: either way it names nothing that could be ended.
    return null;
  }
}

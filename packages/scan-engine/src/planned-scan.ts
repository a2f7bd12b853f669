import type {
  ConsentState,
  ScanParams,
  ScanParamsInput,
  ScanStage,
  SiteAccess,
} from '@cookie-scanner/contracts';
import type { FileToSave } from './files/file-keeper.ts';

/** One sign of progress of a running scan. */
export interface EngineProgress {
  readonly stage: ScanStage;
  readonly pagesDone: number;
  readonly pagesKnown: number;
  readonly cookiesSeen: number;
  /** Consent state that is being looked at; null in modes with only one. */
  readonly consentState: ConsentState | null;
}

/** How one scan is run. */
export interface ScanOptions {
  readonly params: ScanParamsInput;
  /**
   * What opens the site: headers, cookies to bring along, credentials, a login. All of it is secret: in what comes out
   * of the scan, observation and files, `[redacted]` stands for it wherever the site repeats it.
   */
  readonly access?: SiteAccess;
  /** Ends the scan without a result; the returned promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  onProgress?(progress: EngineProgress): void;
  /**
   * Stores a file that the parameters ask for, and says where; the answer stands in the observation. Without it no
   * file is made. When it rejects, that file is missing and `quality.notes` says so.
   */
  saveFile?(file: FileToSave): Promise<string>;
  /** What stands in files for the value of a cookie; without it the value itself. */
  redactCookieValue?(value: string): string;
}

/** The same with every parameter decided. */
export type PlannedScan = Omit<ScanOptions, 'params'> & {
  readonly params: ScanParams;
  /** When the first try began, on the clock of `performance.now()`; now when left out. */
  readonly begunAtMs?: number;
  /**
   * Whether the first try ended with the whole browser, which held too much memory: if it does so again, the result is
   * what was seen by then.
   */
  readonly mayEndForMemory?: boolean;
};

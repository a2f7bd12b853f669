import type { Analysis } from '@cookie-scanner/analysis';
import type { FindingState, ScanResult, SiteObservation } from '@cookie-scanner/contracts';

/** Everything a report is made of; the same input always gives the same bytes. */
export interface ReportInput {
  readonly scan: ScanResult;
  readonly observation: SiteObservation;
  /** Hash of the stored observation, hexadecimal, so that a reader can tell what a report was made from. */
  readonly observationSha256: string;
  /** What follows from the observation. */
  readonly analysis: Analysis;
  /** What people decided about findings, by `findingKey`; those that nobody decided about are missing. */
  readonly decisions: ReadonlyMap<string, FindingDecision>;
  /** Pictures of the site; empty where none were taken or the format shows none. */
  readonly pictures: readonly ReportPicture[];
}

/** What people decided about a finding. */
export interface FindingDecision {
  readonly state: FindingState;
  /** Null where they gave none. */
  readonly reason: string | null;
}

/** A picture that the scan took of the site. */
export interface ReportPicture {
  /** Name of the file, which findings and consent runs refer to. */
  readonly name: string;
  readonly pageUrl: string | null;
  readonly widthPx: number | null;
  readonly heightPx: number | null;
  /** Of the file, PNG. */
  readonly bytes: Buffer;
}

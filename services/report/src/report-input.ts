import type { ScanResult, SiteObservation } from '@cookie-scanner/contracts';

/** Everything a report is made of; the same input always gives the same bytes. */
export interface ReportInput {
  readonly scan: ScanResult;
  readonly observation: SiteObservation;
  /** Hash of the stored observation, hexadecimal, so that a reader can tell what a report was made from. */
  readonly observationSha256: string;
}

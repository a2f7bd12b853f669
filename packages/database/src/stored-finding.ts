import type { Confidence, FindingState, Severity } from '@cookie-scanner/contracts';

/** What an analysis holds against a scan. */
export interface NewFinding {
  /** The rule that raises it, such as `cookie-before-consent`. */
  rule: string;
  /** 64 hexadecimal digits: the same for the same matter in every scan of a site. */
  fingerprint: string;
  severity: Severity;
  confidence: Confidence;
  title: string;
  /** At most 256 KiB as JSON. */
  detail: Record<string, unknown>;
}

/** A finding with what people decided about it. Times are ISO 8601. */
export interface StoredFinding extends NewFinding {
  id: string;
  scanId: string;
  scannedAt: string;
  state: FindingState;
  decidedBy: string | null;
  decidedAt: string | null;
  decisionNote: string | null;
  createdAt: string;
  updatedAt: string;
}

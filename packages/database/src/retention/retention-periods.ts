/** After how long what is kept goes, for all workspaces that chose nothing else. Days; 0 stands for never. */
export interface RetentionPeriods {
  /** A scan, from its end on, with all that belongs to it. */
  readonly scanDays: number;
  /** The observation and the other files of a scan, while the scan itself stays. */
  readonly fileDays: number;
  /** The same where they carry values of cookies; no workspace may choose otherwise. */
  readonly valueDays: number;
  readonly auditDays: number;
  readonly noticeDays: number;
  /** Runs of schedules, and jobs that no queue took. */
  readonly runDays: number;
  /** Calls of webhooks. */
  readonly deliveryDays: number;
  /** Sessions and tokens, from their end on. */
  readonly sessionDays: number;
}

import { severitySchema, type Severity } from '@cookie-scanner/contracts';

/** Severities from least to most. */
export const SEVERITIES: readonly Severity[] = severitySchema.options;

/** A severity, one step lower where the matter is no more than a guess. */
export function severityOf(severity: Severity, isGuess: boolean): Severity {
  return isGuess ? (SEVERITIES[SEVERITIES.indexOf(severity) - 1] ?? 'info') : severity;
}

/** Whether a severity is at least another one. */
export function reaches(severity: Severity, threshold: Severity): boolean {
  return SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(threshold);
}

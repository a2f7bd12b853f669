const ABSENCES: ReadonlySet<string> = new Set(['notfound', 'nodata', 'badname']);

/** The name of an error of Node's resolver without its `E`, in lower case: `notfound`, `servfail`, `timeout`. */
export function dnsErrorCode(error: unknown): string {
  const code =
    typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';
  return code.replace(/^E/, '').toLowerCase();
}

/** True for answers that say that there is no such name or record; the others are failures. */
export function isAbsence(code: string): boolean {
  return ABSENCES.has(code);
}

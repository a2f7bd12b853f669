import type { ArtifactStore } from '@cookie-scanner/artifacts';
import type { Logger } from '@cookie-scanner/observability';

/** Folder of everything that one attempt at a scan stores. */
export function attemptFolder(scanId: string, attempt: number): string {
  return `scans/${scanId}/${attempt}`;
}

/** Folders of attempts that can never be committed any more. */
export function earlierAttempts(scanId: string, attempt: number): string[] {
  return Array.from({ length: attempt - 1 }, (_, index) => attemptFolder(scanId, index + 1));
}

/** Removes what nothing refers to. A leftover costs space and nothing else, so it is not worth the result. */
export async function removeUnused(
  folders: readonly string[],
  artifacts: Pick<ArtifactStore, 'delete'>,
  log: Logger,
): Promise<void> {
  for (const folder of folders) {
    await artifacts.delete(folder).catch((error: unknown) => {
      log.warn('could not delete an artifact that nothing refers to', { folder, error });
    });
  }
}

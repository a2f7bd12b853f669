import type { ScanStatus } from '@cookie-scanner/contracts';
import type { DatabaseAccess } from './open-database.ts';

/** How far a scan is, for whoever tells files of use from those of none. */
export interface ScanAttempts {
  readonly id: string;
  /** The newest one; only it may still bring a result, and only while it runs. */
  readonly attempt: number;
  readonly status: ScanStatus;
  /** Where the observation lies; null without one. */
  readonly observationKey: string | null;
}

/** Reads the attempts of scans; those that are not known are missing in the answer. */
export async function attemptsOfScans(
  access: DatabaseAccess,
  ids: readonly string[],
): Promise<ScanAttempts[]> {
  return await access.query((prisma) =>
    prisma.scanResult.findMany({
      where: { id: { in: [...ids] } },
      select: { id: true, attempt: true, status: true, observationKey: true },
    }),
  );
}

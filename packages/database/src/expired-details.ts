import { AppError } from '@cookie-scanner/errors';
import type { DatabaseAccess } from './open-database.ts';

/** Tables kept by month, each with the total of a scan that counts its rows. */
const TOTALS = { cookies: 'cookies', storage_items: 'storageItems' } as const;

/**
 * "Nothing" must never be said of a scan whose rows are merely gone.
 *
 * @throws AppError SCAN_DETAILS_EXPIRED when the scan had rows in this table and retention removed the month
 */
export async function refuseExpired(
  access: DatabaseAccess,
  scanId: string,
  table: keyof typeof TOTALS,
): Promise<void> {
  const [month] = await access.query(
    (prisma) => prisma.$queryRaw<{ is_gone: boolean }[]>`
      SELECT to_regclass(${`${table}_`} || to_char(finished_at AT TIME ZONE 'UTC', 'YYYY_MM')) IS NULL
             AND totals -> ${TOTALS[table]} > '0'::jsonb AS is_gone
        FROM scan_results WHERE id = ${scanId}::uuid`,
  );
  if (month?.is_gone !== true) return;
  const what = table === 'cookies' ? 'cookies' : 'stored items';
  throw new AppError(
    'SCAN_DETAILS_EXPIRED',
    `the ${what} of this scan were removed by retention; its totals remain`,
    { scanId },
  );
}

/** Says that the observation and the other files of a scan were removed by retention. */
export function filesExpired(scanId: string): AppError {
  return new AppError(
    'SCAN_DETAILS_EXPIRED',
    'the observation and the files of this scan were removed by retention; its result and its reports remain',
    { scanId },
  );
}

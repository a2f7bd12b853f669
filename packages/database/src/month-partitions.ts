import { databaseAccess, type Database, type DatabaseAccess } from './open-database.ts';

/** The months that rows of scans (cookies, pages, storage items, findings) are kept by. */
export interface MonthPartitions {
  /**
   * Makes sure that this month and the next ones, so many of them, have their partitions.
   *
   * @returns names of the partitions that were missing
   */
  createAhead(monthCount: number): Promise<string[]>;
  /**
   * Drops the partitions of all months before the last so many full ones, and with them their rows. The scans
   * themselves stay, with their totals.
   *
   * @returns names of the dropped partitions
   */
  dropOlderThan(monthCount: number): Promise<string[]>;
}

/** The months kept in a database. Calls may overlap, also those of several processes. */
export function monthPartitions(database: Database): MonthPartitions {
  const access = databaseAccess(database);
  return {
    createAhead: (monthCount) => createMonthsAhead(access, monthCount),
    dropOlderThan: async (monthCount) => {
      if (monthCount < 1) throw new RangeError('at least one full month is kept');
      const rows = await access.query(
        (prisma) => prisma.$queryRaw<{ name: string }[]>`
          SELECT drop_month_partitions((now() AT TIME ZONE 'UTC' - ${monthCount} * interval '1 month')::date) AS name`,
      );
      return rows.map(({ name }) => name);
    },
  };
}

/** `createAhead`, for what finds a month missing while it writes. */
export async function createMonthsAhead(access: DatabaseAccess, monthCount: number): Promise<string[]> {
  const rows = await access.query(
    (prisma) => prisma.$queryRaw<{ name: string }[]>`
      SELECT create_month_partitions(
        (now() AT TIME ZONE 'UTC')::date, (now() AT TIME ZONE 'UTC' + ${monthCount} * interval '1 month')::date
      ) AS name`,
  );
  return rows.map(({ name }) => name);
}

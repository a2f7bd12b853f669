import { z } from 'zod';

/** Id of a row: a UUID made by the database. */
export const idSchema = z.uuid();

/** When a row was made and last changed, by the database's clock: UTC, ISO 8601. */
export const rowTimes = { createdAt: z.iso.datetime(), updatedAt: z.iso.datetime() };

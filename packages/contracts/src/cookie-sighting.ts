import { z } from 'zod';
import { cookieCategorySchema } from './classification.ts';
import { idSchema } from './id.ts';
import { cookiePartySchema } from './party.ts';

/** A cookie on a site, over all scans of a workspace: since when, until when, what for and by whom. */
export const cookieSightingSchema = z.object({
  id: idSchema,
  /** Host that was scanned. */
  domain: z.string(),
  name: z.string(),
  /** The cookie's own domain. */
  cookieDomain: z.string(),
  path: z.string(),
  party: cookiePartySchema,
  /** As the newest scan that saw it was analysed. */
  category: cookieCategorySchema,
  vendor: z.string().nullable(),
  /** Host of the request or script that set it; null when that is not known. */
  setByHost: z.string().nullable(),
  firstSeenAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime(),
  /** Null when that scan was deleted. */
  firstScanId: idSchema.nullable(),
  lastScanId: idSchema.nullable(),
});
export type CookieSighting = z.infer<typeof cookieSightingSchema>;

/** A page of cookies over all scans. `nextCursor` is null on the last one. */
export const cookieSightingPageSchema = z.object({
  items: z.array(cookieSightingSchema),
  nextCursor: z.string().nullable(),
});
export type CookieSightingPage = z.infer<typeof cookieSightingPageSchema>;

import { z } from 'zod';

/** Whether something belongs to the registrable domain of the page that was finally shown. */
export const cookiePartySchema = z.enum(['first', 'third']);
export type CookieParty = z.infer<typeof cookiePartySchema>;

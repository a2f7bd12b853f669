import { z } from 'zod';
import type { CookieParty } from './party.ts';
import { knownCategorySchema, knownPurposeSchema, type Corroboration } from './classification.ts';

/** One fact about cookies of a name. */
export const knowledgeEntrySchema = z.strictObject({
  /** Source and its own id, such as `ocd:256c18e8-…` or `own:_ga`. */
  id: z.string(),
  /** The whole name, or what it begins with. Case counts. */
  name: z.string().min(1),
  match: z.enum(['exact', 'prefix']),
  /** What the name must also end with, as `_mixpanel` in `mp_<token>_mixpanel`; for prefixes only. */
  suffix: z.string().min(1).optional(),
  /** Hosts whose cookies, or whose scripts' cookies, are meant, subdomains included; empty for any. */
  domains: z.array(z.string()),
  /** Product that sets it. */
  vendor: z.string(),
  /** Who is behind the product; `first party` for what sites themselves run. */
  company: z.string(),
  category: knownCategorySchema,
  purpose: knownPurposeSchema.optional(),
  /** Days that it usually lives; 0 for the length of a browser session, null when nobody says. */
  lifetimeDays: z.number().min(0).nullable(),
});
export type KnowledgeEntry = z.infer<typeof knowledgeEntrySchema>;

/** A company's product and the hosts it is served from. */
export const knownVendorSchema = z.strictObject({
  name: z.string(),
  company: z.string(),
  /** What kind of service it is, such as `ad`, `analytics`, `tag-manager`, `consent-provider`, `cdn`. */
  kind: z.string(),
  /** Hosts, subdomains included. */
  domains: z.array(z.string()),
});
export type KnownVendor = z.infer<typeof knownVendorSchema>;

/** A cookie as the knowledge base is asked about it. */
export interface CookieQuestion {
  readonly name: string;
  /** The cookie's domain, with or without leading dot. */
  readonly domain: string;
  /** Hosts that had to do with setting it, the nearest first: the request or script, then what brought that in. */
  readonly setterHosts: readonly string[];
  /** Left out where nobody knows. */
  readonly party?: CookieParty;
}

/** What knowledge said of a cookie, and how it came to that. */
export interface KnowledgeMatch {
  readonly entry: KnowledgeEntry;
  readonly corroboratedBy: Corroboration;
  readonly confidence: 'high' | 'medium' | 'low';
  /** Ids of entries that fit as well and say another category. */
  readonly conflicts: readonly string[];
}

/** What is known about cookies and the companies behind hosts. Answers depend on nothing but the question. */
export interface KnowledgeBase {
  /** Changes whenever an answer may change. */
  readonly version: string;
  /** The best entry for a cookie; null when none fits well enough. */
  findCookie(question: CookieQuestion): KnowledgeMatch | null;
  /** Who serves a host; null when nobody knows. */
  vendorOf(host: string): KnownVendor | null;
}

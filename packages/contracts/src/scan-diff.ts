import { z } from 'zod';
import { cookieCategorySchema } from './classification.ts';
import { judgedFindingSchema } from './finding.ts';
import { cookieSameSiteSchema, storageKindSchema } from './observation.ts';
import { cookiePartySchema } from './party.ts';
import { consentStateSchema } from './scan.ts';

/** What a diff or a baseline knows of a cookie: what is no different the next time when nobody changed anything. */
export const cookieFactsSchema = z.object({
  /** The same in every scan of the site. */
  key: z.string(),
  /** With `*` for what changes from visit to visit. */
  name: z.string(),
  domain: z.string(),
  path: z.string(),
  party: cookiePartySchema,
  /** Whole days; 0 for a session cookie. */
  lifetimeDays: z.number().min(0),
  secure: z.boolean(),
  httpOnly: z.boolean(),
  sameSite: cookieSameSiteSchema,
  /** Registrable domain of whoever set it; null when nobody was seen. */
  setterSite: z.string().nullable(),
  /** From the document to the setter, in short. */
  setterChain: z.array(z.string()),
  consentStates: z.array(consentStateSchema),
  category: cookieCategorySchema,
  /** What said so: a version of the knowledge, or a model; null for a decision of people. */
  basis: z.string().nullable(),
});
export type CookieFacts = z.infer<typeof cookieFactsSchema>;

/** What a diff or a baseline knows of a finding. */
export const findingFactsSchema = judgedFindingSchema.pick({
  ruleId: true,
  subject: true,
  severity: true,
  title: true,
});
export type FindingFacts = z.infer<typeof findingFactsSchema>;

/** One property of a cookie that is another one now, in words. */
export const changedCookieFieldSchema = z.object({
  field: z.enum([
    'lifetime',
    'secure',
    'httpOnly',
    'sameSite',
    'party',
    'setter',
    'consentStates',
    'category',
  ]),
  before: z.string(),
  after: z.string(),
});
export type ChangedCookieField = z.infer<typeof changedCookieFieldSchema>;

/** A cookie that is there before and after, and is not the same. */
export const changedCookieSchema = z.object({
  cookie: cookieFactsSchema,
  changes: z.array(changedCookieFieldSchema),
});
export type ChangedCookie = z.infer<typeof changedCookieSchema>;

/** What a diff knows of a storage item. */
export const storageFactsSchema = z.object({
  /** The same in every scan of the site. */
  key: z.string(),
  kind: storageKindSchema,
  origin: z.string(),
  /** With `*` for what changes from visit to visit. */
  name: z.string(),
  /** Registrable domain of whoever wrote it; null when nobody was seen. */
  setterSite: z.string().nullable(),
});
export type StorageFacts = z.infer<typeof storageFactsSchema>;

/** A finding whose severity is another one now. */
export const changedFindingSchema = z.object({
  finding: findingFactsSchema,
  severityBefore: findingFactsSchema.shape.severity,
});
export type ChangedFinding = z.infer<typeof changedFindingSchema>;

/** What differs between two looks at a site. */
export const scanDiffSchema = z.object({
  added: z.array(cookieFactsSchema),
  removed: z.array(cookieFactsSchema),
  /** The site changed these. */
  changed: z.array(changedCookieSchema),
  /** The site did not change these: what we know about them did. */
  knowledgeChanged: z.array(changedCookieSchema),
  storage: z.object({ added: z.array(storageFactsSchema), removed: z.array(storageFactsSchema) }),
  /** Hosts of other sites that the pages contacted. */
  thirdPartyHosts: z.object({ added: z.array(z.string()), removed: z.array(z.string()) }),
  /** `knowledgeChanged` are those that came or went because we judge otherwise now: the site did not change there. */
  findings: z.object({
    added: z.array(findingFactsSchema),
    removed: z.array(findingFactsSchema),
    changed: z.array(changedFindingSchema),
    knowledgeChanged: z.array(findingFactsSchema),
  }),
  /** No more than noise: cookies that only some repeats of a scan saw. */
  flaky: z.array(cookieFactsSchema),
  /** Why some of this may come from the way the scans were made; empty when they can be compared. */
  caveats: z.array(z.string()),
});
export type ScanDiff = z.infer<typeof scanDiffSchema>;

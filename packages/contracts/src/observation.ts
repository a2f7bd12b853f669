import { z } from 'zod';
import { accessObservationSchema } from './access-observation.ts';
import { consentObservationSchema, cookieInStateSchema } from './consent-observation.ts';
import { hostObservationSchema } from './host-observation.ts';
import { cookiePartySchema } from './party.ts';
import { scanFileSchema } from './scan-file.ts';
import { consentStateSchema, visitorDeviceSchema } from './scan.ts';
import { pageFactsSchema, tlsObservationSchema } from './page-facts.ts';
import { setterKindSchema, setterSchema } from './setter.ts';
import {
  fingerprintingObservationSchema,
  formLeakSchema,
  identifierTransferSchema,
} from './tracking-observation.ts';
import { valueShapeSchema } from './value-shape.ts';

/** Outcome of a scan or of one of its pages. A site that fails us is an outcome, not an exception. */
export const outcomeSchema = z.enum(['success', 'partial', 'blocked', 'failed']);
export type Outcome = z.infer<typeof outcomeSchema>;

/** The cookie's SameSite attribute; `unset` where the site gave none. */
export const cookieSameSiteSchema = z.enum(['Strict', 'Lax', 'None', 'unset']);
export type CookieSameSite = z.infer<typeof cookieSameSiteSchema>;

/**
 * Kind of client-side storage other than cookies: `shared` is Shared Storage, `bucket` a storage bucket, `opfs` a file
 * of the origin's private file system.
 */
export const storageKindSchema = z.enum([
  'local',
  'session',
  'indexeddb',
  'cache',
  'shared',
  'bucket',
  'opfs',
]);
export type StorageKind = z.infer<typeof storageKindSchema>;

/** How the browser showed itself: `visitor` looks ordinary, `declared` names itself as automated. */
export const browserIdentitySchema = z.enum(['visitor', 'declared']);
export type BrowserIdentity = z.infer<typeof browserIdentitySchema>;

/** One thing that happened to a cookie. `atMs` counts from the start of the scan. */
export const cookieEventSchema = z.object({
  atMs: z.number().min(0),
  action: z.enum(['set', 'changed', 'deleted']),
  kind: setterKindSchema.exclude(['unknown', 'preset']),
  /** Request or script that did it; null when the script has no address. */
  url: z.string().nullable(),
});
export type CookieEvent = z.infer<typeof cookieEventSchema>;

/** One cookie as the browser's jar held it when the scan ended. */
export const cookieObservationSchema = z.object({
  name: z.string(),
  /** Null where the platform keeps no values; then `valueHash` still tells equal values from different ones. */
  value: z.string().nullable(),
  /** Keyed hash of the value, hexadecimal; null in output that carries the value itself. */
  valueHash: z.string().nullable().default(null),
  /** What the value looks like, also where it is not kept; null in observations older than this. */
  valueShape: valueShapeSchema.nullable().default(null),
  /** With a leading dot unless `hostOnly`. */
  domain: z.string(),
  hostOnly: z.boolean(),
  path: z.string(),
  httpOnly: z.boolean(),
  secure: z.boolean(),
  sameSite: cookieSameSiteSchema,
  /** ISO 8601; null for a session cookie. As the browser holds it, so capped at 400 days by Chromium. */
  expiresAt: z.iso.datetime().nullable(),
  session: z.boolean(),
  /** Top-level site that the cookie is partitioned by; null for an ordinary cookie. */
  partitionKey: z.string().nullable(),
  /** Bytes of name and value together. */
  sizeBytes: z.number().int().min(0),
  /** Against the registrable domain of the page that was finally shown. */
  party: cookiePartySchema,
  /**
   * True for a third party whose site was asked for, or redirected, on the way to the page that was finally shown.
   */
  isRedirectParty: z.boolean().default(false),
  consentStates: z.array(consentStateSchema),
  /** What became of it in each consent state; empty where only one state was looked at. */
  inStates: z.array(cookieInStateSchema).default([]),
  /** Whether clean profiles got the same value, so that it cannot tell visitors apart; null when only one had it. */
  sameInAllProfiles: z.boolean().nullable().default(null),
  /** Pages whose visit set, changed or first showed the cookie. */
  pages: z.array(z.string()),
  setBy: setterSchema,
  events: z.array(cookieEventSchema),
  /** Seconds of life that the setter asked for; null for a session cookie or when it was not seen. */
  declaredLifetimeSeconds: z.number().nullable().default(null),
  /** Set after a login had given its credentials, and kept by a visitor who is logged in. */
  authenticated: z.boolean().default(false),
});
export type CookieObservation = z.infer<typeof cookieObservationSchema>;

/** False for a cookie that the scan brought along and the site left as it was; it does not count as the site's. */
export function isSetBySite({ setBy }: Pick<CookieObservation, 'setBy'>): boolean {
  return setBy.kind !== 'preset';
}

/** A cookie that somebody tried to set and the browser refused. */
export const blockedCookieSchema = z.object({
  name: z.string(),
  domain: z.string(),
  /** Request or page it was refused on. */
  url: z.string(),
  /** The browser's own words, such as `ThirdPartyBlockedInFirstPartySet` or `SecureOnly`. */
  reasons: z.array(z.string()),
});
export type BlockedCookie = z.infer<typeof blockedCookieSchema>;

/** One entry of client-side storage other than cookies. */
export const storageObservationSchema = z.object({
  kind: storageKindSchema,
  origin: z.string(),
  /** Key of Web Storage and Shared Storage; name of the database, cache, bucket or file otherwise. */
  key: z.string(),
  sizeBytes: z.number().int().min(0),
  /** What the value looks like; null where nobody looked, as in databases, caches and older observations. */
  valueShape: valueShapeSchema.nullable().default(null),
  setBy: setterSchema,
  /** Consent states at whose end it was there; empty outside consent audits, and in observations older than this. */
  consentStates: z.array(consentStateSchema).default([]),
});
export type StorageObservation = z.infer<typeof storageObservationSchema>;

/** How the visitor looked to the site, as really used. */
export const visitorObservationSchema = z.object({
  device: visitorDeviceSchema,
  /** Size of the visible part in CSS pixels, and physical pixels per CSS pixel. */
  viewport: z.object({
    width: z.number(),
    height: z.number(),
    deviceScaleFactor: z.number(),
    isMobile: z.boolean(),
  }),
  /** Language tag that pages and servers were told. */
  locale: z.string(),
  /** IANA name; null when the browser did not tell the zone of its machine. */
  timeZone: z.string().nullable(),
  userAgent: z.string(),
});
export type VisitorObservation = z.infer<typeof visitorObservationSchema>;

/** One page that was visited. */
export const pageObservationSchema = z.object({
  url: z.string(),
  /** Status of the main document's response; null when none came. */
  httpStatus: z.number().int().nullable(),
  status: outcomeSchema,
  statusReason: z.string().nullable().default(null),
  title: z.string().nullable().default(null),
  /** Addresses that led here by redirect, in order, without the page itself. */
  redirects: z.array(z.string()).default([]),
  /** Null when it came without encryption, did not come, or in observations older than this. */
  tls: tlsObservationSchema.nullable().default(null),
  /** Null when no page came, or in observations older than this. */
  facts: pageFactsSchema.nullable().default(null),
});
export type PageObservation = z.infer<typeof pageObservationSchema>;

/** A page that the scan knew and left out on purpose. */
export const skippedPageSchema = z.object({
  url: z.string(),
  /** `robots_disallowed`: the site's robots.txt closes it to robots. */
  reason: z.enum(['robots_disallowed']),
});
export type SkippedPage = z.infer<typeof skippedPageSchema>;

/** A connection that the egress gateway refused. */
export const refusedConnectionSchema = z.object({
  host: z.string(),
  port: z.number().int(),
  reason: z.string(),
  count: z.number().int().min(1),
});
export type RefusedConnection = z.infer<typeof refusedConnectionSchema>;

/** What the scan could not see, so that "0 cookies" is never confused with "could not look". */
export const qualitySchema = z.object({
  /** Result of the self-test at browser start: does this browser store third-party cookies? */
  thirdPartyCookies: z.enum(['allowed', 'blocked', 'untested']),
  /** True when the hard deadline ended the scan. */
  timedOut: z.boolean(),
  /** Why the site is thought to have shown us something else than its visitors; null when there is no sign of it. */
  botWall: z.string().nullable(),
  /** Targets (frames, workers, popups) that could not be instrumented before they ran, by URL. */
  targetsNotAttached: z.array(z.string()),
  /** Share of the cookies in the jar, 0 to 1, whose setter was not seen. */
  unattributedShare: z.number().min(0).max(1),
  /** Milliseconds of page life that passed after load, on the page's own clock. */
  pageLifeMs: z.number().min(0),
  /** Frames whose clock could not be advanced, by URL. */
  clocksNotAdvanced: z.array(z.string()).default([]),
  /** How the browser showed itself: `visitor` looks ordinary, `declared` names itself as automated. */
  browserIdentity: browserIdentitySchema,
  /** False when Chromium had to run without its sandbox. */
  sandboxed: z.boolean(),
  /** True when Chromium ran in a network namespace of its own, whose only way out is the egress gateway. */
  inNetworkNamespace: z.boolean().default(false),
  refusedConnections: z.array(refusedConnectionSchema),
  /** Lists that the site made longer than an observation keeps, by their names here; `windows` are those it opened. */
  truncated: z
    .array(z.object({ list: z.string(), kept: z.number().int().min(0), total: z.number().int().min(0) }))
    .default([]),
  /** Anything else a reader must know, in plain words. */
  notes: z.array(z.string()).default([]),
});
export type Quality = z.infer<typeof qualitySchema>;

/** Everything one scan saw. Serialisable, versioned, free of judgement: analysers are pure functions of it. */
export const siteObservationSchema = z.object({
  version: z.literal(1),
  /** Exactly as given. */
  requestedUrl: z.string(),
  finalUrl: z.string().nullable(),
  status: outcomeSchema,
  /** Machine-readable reason, such as `dns_error` or `timeout`; null for a success. */
  statusReason: z.string().nullable(),
  startedAt: z.iso.datetime(),
  durationMs: z.number().min(0),
  engine: z.object({ version: z.string(), browser: z.string() }),
  pages: z.array(pageObservationSchema),
  /** The first of them; `quality.notes` says when there are more. */
  skippedPages: z.array(skippedPageSchema).default([]),
  cookies: z.array(cookieObservationSchema),
  /** Cookies that were set and were gone again before the end. */
  transientCookies: z.array(cookieObservationSchema),
  blockedCookies: z.array(blockedCookieSchema),
  storage: z.array(storageObservationSchema),
  requests: z.object({
    total: z.number().int().min(0),
    thirdParty: z.number().int().min(0),
    hosts: z.array(z.string()),
  }),
  /** Every host that was asked or connected to, in order of its name. */
  hosts: z.array(hostObservationSchema).default([]),
  consent: consentObservationSchema,
  /** What scripts asked the browser about itself, one entry a script. */
  fingerprinting: z.array(fingerprintingObservationSchema).default([]),
  /** Where typed text went although no form was sent. */
  formLeaks: z.array(formLeakSchema).default([]),
  /** Identifiers that one host's requests or answers handed to another host. */
  identifierTransfers: z.array(identifierTransferSchema).default([]),
  /** Null in observations of engines that did not say. */
  visitor: visitorObservationSchema.nullable().default(null),
  quality: qualitySchema,
  /** What the scan was given to get into the site; null when it was given nothing. */
  access: accessObservationSchema.nullable().default(null),
  /** Screenshots and records of requests, where they were asked for. */
  files: z.array(scanFileSchema).default([]),
});
export type SiteObservation = z.infer<typeof siteObservationSchema>;

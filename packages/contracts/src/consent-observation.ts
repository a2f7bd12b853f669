import { z } from 'zod';
import { consentStateSchema } from './scan.ts';

const textSchema = z.string().max(500);
const atMsSchema = z.number().min(0);

/**
 * What pressing something in a banner means: `acknowledge` is a button such as "OK" that offers no choice, `settings`
 * leads to a second layer, `save` keeps what is ticked there, `pay` is the other half of "pay or OK".
 */
export const consentPurposeSchema = z.enum([
  'accept',
  'reject',
  'acknowledge',
  'settings',
  'save',
  'withdraw',
  'pay',
  'close',
]);
export type ConsentPurpose = z.infer<typeof consentPurposeSchema>;

/** Who found the way through a banner: the rules of autoconsent, or our own reading of its words. */
export const consentFinderSchema = z.enum(['autoconsent', 'words']);
export type ConsentFinder = z.infer<typeof consentFinderSchema>;

/** Something in a banner that can be pressed. */
export const consentChoiceSchema = z.object({
  purpose: consentPurposeSchema,
  /** What stands on it. */
  text: textSchema,
  selector: textSchema,
  /** Frame it stands in. */
  frameUrl: z.string(),
  /** 1 for what is shown at first, 2 for what comes after pressing `settings`. */
  layer: z.number().int().min(1),
  /** Shown size in CSS pixels; null when it was not shown. */
  widthPx: z.number().min(0).nullable().default(null),
  heightPx: z.number().min(0).nullable().default(null),
  /** True for a button, false for a link or plain text, which is easier to overlook. */
  looksLikeButton: z.boolean().default(true),
});
export type ConsentChoice = z.infer<typeof consentChoiceSchema>;

/** A consent manager by name, with what gave it away. */
export const consentManagerSchema = z.object({
  name: z.string(),
  /** Such as `script https://cdn.cookielaw.org/…`, `cookie OptanonConsent`, `window.__tcfapi cmpId 28`. */
  evidence: z.array(textSchema),
});
export type ConsentManager = z.infer<typeof consentManagerSchema>;

/** The banner of one run. */
export const bannerObservationSchema = z.object({
  found: z.boolean(),
  /** Milliseconds of page life during which one was looked for. */
  waitedMs: z.number().min(0),
  foundBy: consentFinderSchema.nullable(),
  /** Rule of autoconsent that knew it; null otherwise. */
  rule: z.string().nullable().default(null),
  /** `notice` tells without asking; `pay_or_ok` offers consent or payment and nothing else. */
  kind: z.enum(['choice', 'notice', 'pay_or_ok']).nullable(),
  place: z
    .enum(['document', 'same_origin_frame', 'cross_origin_frame', 'open_shadow_root', 'closed_shadow_root'])
    .nullable(),
  /** False for a banner that can be seen and not be pressed, such as one in a closed shadow root. */
  operable: z.boolean(),
  atMs: atMsSchema.nullable(),
  /** Beginning of what it says. */
  text: z.string().max(2_000).default(''),
  choices: z.array(consentChoiceSchema).default([]),
  /** Labels of purposes that were ticked although nobody had chosen them. */
  preTicked: z.array(textSchema).default([]),
  manager: consentManagerSchema.nullable().default(null),
});
export type BannerObservation = z.infer<typeof bannerObservationSchema>;

/** One thing that was pressed. */
export const consentActionSchema = z.object({
  purpose: consentPurposeSchema,
  by: consentFinderSchema,
  /** Null where the finder does not tell it. */
  text: textSchema.nullable(),
  selector: textSchema.nullable(),
  frameUrl: z.string(),
  layer: z.number().int().min(1),
  atMs: atMsSchema,
  /** Names of files of the scan; null when none was taken. */
  screenshotBefore: z.string().nullable().default(null),
  screenshotAfter: z.string().nullable().default(null),
});
export type ConsentAction = z.infer<typeof consentActionSchema>;

/** A TCF string as it was met. It names purposes and vendors by the numbers of the IAB's Global Vendor List. */
export const tcfSignalSchema = z.object({
  atMs: atMsSchema,
  source: z.enum(['cookie', 'api', 'request']),
  /** True for a string that cannot be decoded; the rest is then empty. */
  malformed: z.boolean(),
  cmpId: z.number().int().nullable().default(null),
  gdprApplies: z.boolean().nullable().default(null),
  purposeConsents: z.array(z.number().int()).default([]),
  purposeLegitimateInterests: z.array(z.number().int()).default([]),
  specialFeatures: z.array(z.number().int()).default([]),
  vendorConsentCount: z.number().int().min(0).default(0),
  vendorLegitimateInterestCount: z.number().int().min(0).default(0),
});
export type TcfSignal = z.infer<typeof tcfSignalSchema>;

/** A GPP string as it was met. */
export const gppSignalSchema = z.object({
  atMs: atMsSchema,
  source: z.enum(['cookie', 'api', 'request']),
  malformed: z.boolean(),
  apiVersion: z.string().nullable().default(null),
  /** Sections by their prefix, such as `usnat`, with their fields. */
  sections: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
});
export type GppSignal = z.infer<typeof gppSignalSchema>;

/** One step of Google Consent Mode: what the page declared, or what a tag sent. */
export const consentModeSignalSchema = z.object({
  atMs: atMsSchema,
  /** `sent` is what a request of a tag carried as `gcs` or `gcd`. */
  command: z.enum(['default', 'update', 'sent']),
  /** By type of storage, such as `ad_storage`. */
  values: z.record(z.string(), z.enum(['granted', 'denied'])),
  /** Address of the request without its query; null for what the page declared. */
  url: z.string().nullable().default(null),
});
export type ConsentModeSignal = z.infer<typeof consentModeSignalSchema>;

/** A host that a run contacted. */
const contactedHostSchema = z.object({
  host: z.string(),
  firstAtMs: atMsSchema,
  requests: z.number().int().min(0),
});

/** How asking for a choice ended. `untaken` was pressed and changed nothing. */
export const consentOutcomeSchema = z.enum([
  'not_asked',
  'taken',
  'untaken',
  'no_banner',
  'not_operable',
  'not_offered',
]);
export type ConsentOutcome = z.infer<typeof consentOutcomeSchema>;

/** One visit in one consent state, in a clean profile of its own. Times count from the start of the scan, in all runs. */
export const consentRunSchema = z.object({
  state: consentStateSchema,
  status: z.enum(['success', 'partial', 'blocked', 'failed']),
  statusReason: z.string().nullable(),
  /** When the run began. */
  startedAtMs: atMsSchema.default(0),
  durationMs: z.number().min(0),
  finalUrl: z.string().nullable(),
  banner: bannerObservationSchema,
  actions: z.array(consentActionSchema),
  outcome: consentOutcomeSchema,
  /** What changed when the choice was made, such as `banner_gone`, `cookie OptanonConsent`, `tcf`, `gpp`, `consent_mode`. */
  outcomeEvidence: z.array(textSchema),
  /** When the last thing was pressed that made the choice; null when no choice was made. */
  choiceAtMs: atMsSchema.nullable(),
  /** When the page was loaded again; null when it was not. */
  reloadedAtMs: atMsSchema.nullable(),
  /** Whether the banner was back after that; null when it was not looked for. */
  bannerAfterReload: z.boolean().nullable(),
  withdrawal: z
    .object({
      offered: z.boolean(),
      done: z.boolean(),
      atMs: atMsSchema.nullable(),
      actions: z.array(consentActionSchema),
    })
    .nullable(),
  tcf: z.array(tcfSignalSchema),
  gpp: z.array(gppSignalSchema),
  consentMode: z.array(consentModeSignalSchema),
  thirdPartyHosts: z.array(contactedHostSchema),
});
export type ConsentRun = z.infer<typeof consentRunSchema>;

/** What a site itself says about its cookies, where a program can read it. */
export const cookieDeclarationSchema = z.object({
  /** Consent manager that keeps it, or `policy_table` for a table on the site's own page. */
  source: z.string(),
  url: z.string(),
  cookies: z.array(
    z.object({
      name: textSchema,
      domain: textSchema.nullable(),
      /** In the words of the declaration. */
      category: textSchema.nullable(),
      lifetimeText: textSchema.nullable(),
      vendor: textSchema.nullable(),
    }),
  ),
});
export type CookieDeclaration = z.infer<typeof cookieDeclarationSchema>;

/** Everything seen about consent. Empty for modes that do not look. */
export const consentObservationSchema = z.object({
  runs: z.array(consentRunSchema).default([]),
  /** The site's answer at `/.well-known/gpc.json`; null when it was not asked. */
  gpcDeclaration: z
    .object({
      url: z.string(),
      httpStatus: z.number().int().nullable(),
      /** Null where there is none, or none that can be read. */
      honoursGpc: z.boolean().nullable(),
      lastUpdate: z.string().nullable(),
    })
    .nullable()
    .default(null),
  declarations: z.array(cookieDeclarationSchema).default([]),
});
export type ConsentObservation = z.infer<typeof consentObservationSchema>;

/** What became of one cookie in one consent state. */
export const cookieInStateSchema = z.object({
  state: consentStateSchema,
  /** Whether it was there before the choice was made; where no choice was made, whether it was there at all. */
  beforeChoice: z.boolean(),
  /** Whether it was set or changed after the choice. */
  setAfterChoice: z.boolean(),
  /** Whether it was there at the end of the run, before consent was withdrawn. */
  atEnd: z.boolean(),
  /** Whether it was there after consent was withdrawn; null when that was not done. */
  afterWithdrawal: z.boolean().nullable(),
});
export type CookieInState = z.infer<typeof cookieInStateSchema>;

import { z } from 'zod';
import { cookieClassificationSchema } from './classification.ts';
import { cookieEventSchema, cookieSameSiteSchema, skippedPageSchema } from './observation.ts';
import { setterSchema } from './setter.ts';
import { idSchema } from './id.ts';
import { cookiePartySchema } from './party.ts';
import { reportFormatSchema, reportStateSchema } from './report.ts';
import { siteAccessSchema } from './site-access.ts';
import {
  consentStateSchema,
  scanModeSchema,
  scanParamsSchema,
  scanStatusSchema,
  waitsForWorkerSchema,
} from './scan.ts';

/** Body of `POST /api/v1/scans`. The URL is judged by `scanUrlSchemaFor`, under the operator's settings. */
export const createScanBodySchema = z.strictObject({
  url: z.string().min(1).max(8_192),
  /** Profile whose parameters are taken; those given here count instead of the profile's. */
  profileId: idSchema.optional(),
  mode: scanModeSchema.optional(),
  timeoutMs: scanParamsSchema.shape.timeoutMs.unwrap().optional(),
  pagesMax: scanParamsSchema.shape.pagesMax.unwrap().optional(),
  depthMax: scanParamsSchema.shape.depthMax.unwrap().optional(),
  samplesPerPatternMax: scanParamsSchema.shape.samplesPerPatternMax.unwrap().optional(),
  robots: scanParamsSchema.shape.robots.unwrap().optional(),
  jar: scanParamsSchema.shape.jar.unwrap().optional(),
  device: scanParamsSchema.shape.device.unwrap().optional(),
  viewport: scanParamsSchema.shape.viewport.unwrap().optional(),
  locale: scanParamsSchema.shape.locale.unwrap().optional(),
  timeZone: scanParamsSchema.shape.timeZone.unwrap().optional(),
  userAgent: scanParamsSchema.shape.userAgent.unwrap().optional(),
  screenshots: scanParamsSchema.shape.screenshots.unwrap().optional(),
  har: scanParamsSchema.shape.har.unwrap().optional(),
  typeIntoForms: scanParamsSchema.shape.typeIntoForms.unwrap().optional(),
  skipMediaBodies: scanParamsSchema.shape.skipMediaBodies.unwrap().optional(),
  workerLabels: scanParamsSchema.shape.workerLabels.unwrap().optional(),
  /** What opens the site. All of it is secret: no answer shows it, and it is forgotten when the scan is over. */
  access: siteAccessSchema.optional(),
});
export type CreateScanBody = z.infer<typeof createScanBodySchema>;

/** Stands for secrets that were given and are never shown. */
export const givenSecretSchema = z.enum(['set']);

/** Numbers of one finished scan. */
export const scanTotalsSchema = z.object({
  cookies: z.number().int().min(0),
  firstPartyCookies: z.number().int().min(0),
  thirdPartyCookies: z.number().int().min(0),
  transientCookies: z.number().int().min(0),
  blockedCookies: z.number().int().min(0),
  storageItems: z.number().int().min(0),
  requests: z.number().int().min(0),
  thirdPartyRequests: z.number().int().min(0),
  hosts: z.number().int().min(0),
  pages: z.number().int().min(0),
});
export type ScanTotals = z.infer<typeof scanTotalsSchema>;

/** One scan, as the API shows it. Times are UTC, ISO 8601; what has not happened yet is null. */
export const scanResultSchema = z.object({
  id: z.uuid(),
  requestedUrl: z.string(),
  finalUrl: z.string().nullable(),
  params: scanParamsSchema,
  /** `set` where the scan was given something to open the site with, now or once; never what it was. */
  access: givenSecretSchema.nullable().default(null),
  status: scanStatusSchema,
  statusReason: z.string().nullable(),
  /** How often a worker took this scan; 0 while queued. */
  attempt: z.number().int().min(0),
  /** Labels that it asks for and no worker has, as long as it waits for that reason; else null. */
  waitsForWorker: waitsForWorkerSchema.nullable().default(null),
  queuedAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  /** Milliseconds the engine worked; null until finished. */
  durationMs: z.number().int().min(0).nullable(),
  totals: scanTotalsSchema.nullable(),
  /** Pages that it knew and left out on purpose, the first of them; empty until it is finished. */
  skippedPages: z.array(skippedPageSchema).default([]),
  reports: z.array(z.object({ format: reportFormatSchema, state: reportStateSchema, url: z.string() })),
});
export type ScanResult = z.infer<typeof scanResultSchema>;

/** A page of scans. `nextCursor` is null on the last one. */
export const scanPageSchema = z.object({
  items: z.array(scanResultSchema),
  nextCursor: z.string().nullable(),
});
export type ScanPage = z.infer<typeof scanPageSchema>;

/** One cookie of one scan, as the API shows it. It never carries the value, only its keyed hash. */
export const cookieSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  valueHash: z.string().nullable(),
  domain: z.string(),
  hostOnly: z.boolean(),
  path: z.string(),
  httpOnly: z.boolean(),
  secure: z.boolean(),
  sameSite: cookieSameSiteSchema,
  expiresAt: z.iso.datetime().nullable(),
  session: z.boolean(),
  partitionKey: z.string().nullable(),
  sizeBytes: z.number().int().min(0),
  party: cookiePartySchema,
  /** True for a third party whose site was asked for, or redirected, on the way to the page that was finally shown. */
  isRedirectParty: z.boolean().default(false),
  consentStates: z.array(consentStateSchema),
  pages: z.array(z.string()),
  setBy: setterSchema,
  events: z.array(cookieEventSchema),
  /** What it is for; null until the scan is analysed. */
  classification: cookieClassificationSchema.nullable().default(null),
});
export type Cookie = z.infer<typeof cookieSchema>;

/** A page of a list. `nextCursor` is null on the last one. */
export const cookiePageSchema = z.object({ items: z.array(cookieSchema), nextCursor: z.string().nullable() });
export type CookiePage = z.infer<typeof cookiePageSchema>;

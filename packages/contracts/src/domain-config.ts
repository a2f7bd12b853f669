import { z } from 'zod';
import { idSchema, rowTimes } from './id.ts';
import { hostNameSchemaFor, scanUrlSchemaFor, type ScanUrlPolicy } from './scan-url.ts';
import { changesSomething, labelsSchema, safeString } from './text.ts';

/** Whether a site is watched. An archived one keeps its history and takes no new scans. */
export const domainStateSchema = z.enum(['active', 'paused', 'archived']);
export type DomainState = z.infer<typeof domainStateSchema>;

const START_URLS_MAX = 20;
const notesSchema = safeString(10_000, { multiline: true });

/** A site that a workspace watches. */
export const domainConfigSchema = z.object({
  id: idSchema,
  workspaceId: idSchema,
  /** Host name in its ASCII form. */
  domain: z.string(),
  startUrls: z.array(z.string()),
  /** Null for the platform's default. */
  defaultProfileId: idSchema.nullable(),
  labels: z.array(z.string()),
  /** What people want to remember about the site. */
  notes: z.string(),
  state: domainStateSchema,
  ...rowTimes,
});
export type DomainConfig = z.infer<typeof domainConfigSchema>;

/** A page of watched sites. `nextCursor` is null on the last one. */
export const domainConfigPageSchema = z.object({
  items: z.array(domainConfigSchema),
  nextCursor: z.string().nullable(),
});
export type DomainConfigPage = z.infer<typeof domainConfigPageSchema>;

/** What is needed to watch a site, judged under the operator's settings. Start URLs lie on the site itself. */
export function domainConfigCreateSchemaFor(policy: ScanUrlPolicy) {
  return z
    .strictObject({ domain: hostNameSchemaFor(policy), ...decidedUnder(policy) })
    .extend({
      labels: labelsSchema.default([]),
      notes: notesSchema.default(''),
      defaultProfileId: idSchema.nullable().default(null),
    })
    .superRefine(({ domain, startUrls }, context) => {
      for (const [index, url] of startUrls.entries()) {
        if (isOnSite(url, domain)) continue;
        context.addIssue({ code: 'custom', message: `is not on ${domain}`, path: ['startUrls', index] });
      }
    });
}

/** What is needed to watch a site of the public internet. */
export const domainConfigCreateSchema = domainConfigCreateSchemaFor({});
export type DomainConfigCreate = z.infer<typeof domainConfigCreateSchema>;

/** A change of a watched site, judged under the operator's settings. Start URLs are checked against its domain later. */
export function domainConfigUpdateSchemaFor(policy: ScanUrlPolicy) {
  return z
    .strictObject({ ...decidedUnder(policy), state: domainStateSchema })
    .partial()
    .refine(changesSomething, 'changes nothing');
}

/** A change of a watched site of the public internet. */
export const domainConfigUpdateSchema = domainConfigUpdateSchemaFor({});
export type DomainConfigUpdate = z.infer<typeof domainConfigUpdateSchema>;

/** True when a URL leads to the host or to a name below it. */
export function isOnSite(url: string, domain: string): boolean {
  const host = new URL(url).hostname.replace(/\.$/, '');
  return host === domain || host.endsWith(`.${domain}`);
}

function decidedUnder(policy: ScanUrlPolicy) {
  return {
    startUrls: z.array(scanUrlSchemaFor(policy)).min(1).max(START_URLS_MAX),
    defaultProfileId: idSchema.nullable(),
    labels: labelsSchema,
    notes: notesSchema,
  };
}

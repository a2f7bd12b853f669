import { z } from 'zod';
import { idSchema, rowTimes } from './id.ts';
import { changesSomething, nameSchema, uniqueArray } from './text.ts';

/**
 * What a key may be used for: resource and action. A key never does more than its creator may at the time of use.
 * `cookies:read_raw` covers cookie values, where the platform keeps them.
 */
export const apiKeyScopeSchema = z.enum([
  'scans:read',
  'scans:write',
  'cookies:read',
  'cookies:read_raw',
  'findings:read',
  'findings:write',
  'domains:read',
  'domains:write',
  'profiles:read',
  'profiles:write',
  'schedules:read',
  'schedules:write',
  'reports:read',
  'reports:write',
  'analytics:read',
  'baselines:read',
  'baselines:write',
  'annotations:read',
  'annotations:write',
  'notifications:read',
  'notifications:write',
  'webhooks:read',
  'webhooks:write',
  'models:read',
  'models:write',
  'plugins:read',
  'plugins:write',
  'members:read',
  'members:write',
  'audit:read',
]);
export type ApiKeyScope = z.infer<typeof apiKeyScopeSchema>;

/**
 * A key as it is sent: product and kind, the public prefix, the secret, and a checksum that tells a typing error from
 * a wrong key. Only its form is judged here.
 */
export const apiKeyTextSchema = z
  .string()
  .regex(/^cks_live_[0-9A-Za-z]{8}_[0-9A-Za-z]{32}_[0-9A-Za-z]{6}$/, 'is not an API key');

/** The part of a key that may be shown, to tell keys apart. */
export const apiKeyPrefixSchema = z.string().regex(/^cks_live_[0-9A-Za-z]{8}$/);

/** An address or a network of callers, such as `192.0.2.7` or `2001:db8::/32`. */
export const callerNetworkSchema = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
  error: 'is not an IP address or network',
});

const RATE_LIMIT_PER_MINUTE_MAX = 10_000;

const decided = {
  name: nameSchema,
  scopes: uniqueArray(apiKeyScopeSchema).min(1),
  /** Most requests a minute; null for the platform's own limit. */
  rateLimitPerMinute: z.number().int().min(1).max(RATE_LIMIT_PER_MINUTE_MAX).nullable(),
  /** From where the key works; empty for everywhere. */
  callerNetworks: uniqueArray(callerNetworkSchema).max(50),
};

/** A key to the API, as the API shows it. The secret was shown once, when the key was made. */
export const apiKeySchema = z.object({
  id: idSchema,
  workspaceId: idSchema,
  /** Whose rights bound those of the key. */
  createdBy: idSchema,
  prefix: apiKeyPrefixSchema,
  ...decided,
  name: z.string(),
  callerNetworks: z.array(z.string()),
  expiresAt: z.iso.datetime().nullable(),
  lastUsedAt: z.iso.datetime().nullable(),
  revokedAt: z.iso.datetime().nullable(),
  ...rowTimes,
});
export type ApiKey = z.infer<typeof apiKeySchema>;

/** What is needed to make a key. */
export const apiKeyCreateSchema = z.strictObject({
  ...decided,
  rateLimitPerMinute: decided.rateLimitPerMinute.default(null),
  callerNetworks: decided.callerNetworks.default([]),
  expiresAt: z.iso
    .datetime()
    .refine((time) => Date.parse(time) > Date.now(), 'is over already')
    .nullable()
    .default(null),
});
export type ApiKeyCreate = z.infer<typeof apiKeyCreateSchema>;

/** A change of a key. Its scopes and its end are fixed: make another key instead. */
export const apiKeyUpdateSchema = z
  .strictObject({
    name: decided.name,
    rateLimitPerMinute: decided.rateLimitPerMinute,
    callerNetworks: decided.callerNetworks,
  })
  .partial()
  .refine(changesSomething, 'changes nothing');
export type ApiKeyUpdate = z.infer<typeof apiKeyUpdateSchema>;

import type { z } from 'zod';
import { SOURCE_SETTINGS } from './settings-source.ts';
import { artifactsConfig } from './sections/artifacts.config.ts';
import { databaseConfig } from './sections/database.config.ts';
import { gatewayConfig } from './sections/gateway.config.ts';
import { healthConfig } from './sections/health.config.ts';
import { loggingConfig } from './sections/logging.config.ts';
import { mailConfig } from './sections/mail.config.ts';
import { redisConfig } from './sections/redis.config.ts';
import { scanConfig, scanTargetConfig } from './sections/scan.config.ts';
import { noteOf } from './setting.ts';

/** One setting as people see it. */
export interface KnownSetting {
  readonly name: string;
  readonly comment: string;
  /** As it would be written; null without a default. */
  readonly defaultText: string | null;
  readonly example: string | null;
}

/** Every section under its heading in `.env.example`, in that order. */
const SECTIONS: readonly (readonly [
  heading: string,
  section: { readonly in: { readonly shape: Record<string, z.core.$ZodType> } },
])[] = [
  ['PostgreSQL', databaseConfig],
  ['Redis', redisConfig],
  ['Artifacts', artifactsConfig],
  ['Gateway', gatewayConfig],
  ['Health and metrics of the other services', healthConfig(0)],
  ['Logging', loggingConfig],
  ['Scans', scanConfig],
  ['Scans', scanTargetConfig],
  ['Mail', mailConfig],
];

/** Every setting of the platform by heading; each name once. */
export function knownSettings(): Map<string, KnownSetting[]> {
  const headings = new Map<string, KnownSetting[]>([['Where settings come from', [...SOURCE_SETTINGS]]]);
  const seen = new Set<string>(SOURCE_SETTINGS.map(({ name }) => name));
  for (const [heading, { in: object }] of SECTIONS) {
    const settings = headings.get(heading) ?? [];
    headings.set(heading, settings);
    for (const [name, schema] of Object.entries(object.shape)) {
      if (seen.has(name)) continue;
      seen.add(name);
      settings.push(describeSetting(name, schema));
    }
  }
  return headings;
}

/** Names of every setting of the platform. */
export function knownNames(): string[] {
  return [...knownSettings().values()].flat().map(({ name }) => name);
}

function describeSetting(name: string, schema: z.core.$ZodType): KnownSetting {
  const note = noteOf(schema);
  if (!note) throw new Error(`${name} has no comment: declare it with documented()`);
  const { comment, example = null } = note;
  return { name, comment, defaultText: example === null ? defaultText(schema) : null, example };
}

function defaultText(schema: z.core.$ZodType): string | null {
  const { def } = schema._zod;
  if (def.type !== 'default') return null;
  const { defaultValue } = def as z.core.$ZodDefaultDef;
  return isWritable(defaultValue) ? String(defaultValue) : null;
}

function isWritable(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

import { z } from 'zod';
import { documented } from './setting.ts';

/** Keyed hashes made with this key can be made by anybody; fine on a developer's machine only. */
export const DEVELOPMENT_HASH_KEY = 'development-only';

const HASH_KEY_LENGTH_MIN = 32;

/** Settings that open a hole on purpose. In production each must be accepted by name. */
const RISKY_SETTINGS = [
  'SCAN_ALLOW_PRIVATE_NETWORKS',
  'SCAN_ALLOW_NO_SANDBOX',
  'SCAN_IGNORE_CERTIFICATE_ERRORS',
  'SCAN_HOST_RESOLVER_RULES',
] as const;

type RiskySetting = (typeof RISKY_SETTINGS)[number];

/** Parsed settings that the rules look at; what a section does not have is left out. */
type JudgedSettings = Partial<Record<RiskySetting, unknown>> & {
  readonly NODE_ENV?: unknown;
  readonly PRODUCTION_RISKS_ACCEPTED?: unknown;
  readonly SCAN_VALUE_HASH_KEY?: unknown;
};

/** The two settings that decide whether the production rules apply; part of every section they judge. */
export const productionSettings = {
  NODE_ENV: documented(
    z.string().default('development'),
    'With "production", unsafe defaults and risky settings are refused at start.',
  ),
  PRODUCTION_RISKS_ACCEPTED: documented(
    z
      .string()
      .transform((text) => text.split(',').map((name) => name.trim()))
      .pipe(z.array(z.enum(RISKY_SETTINGS, { error: `may name only ${RISKY_SETTINGS.join(', ')}` })))
      .default([]),
    `Risky settings that are meant to be on in production, separated by commas:\n${RISKY_SETTINGS.join(', ')}.`,
    'SCAN_ALLOW_NO_SANDBOX',
  ),
};

/** Why these settings must not be used in production, by setting; empty outside production. */
export function productionProblems(settings: JudgedSettings): { name: string; message: string }[] {
  if (settings.NODE_ENV !== 'production') return [];
  const accepted: unknown[] = Array.isArray(settings.PRODUCTION_RISKS_ACCEPTED)
    ? settings.PRODUCTION_RISKS_ACCEPTED
    : [];
  const problems: { name: string; message: string }[] = RISKY_SETTINGS.filter(
    (name) => settings[name] === true || isText(settings[name]),
  )
    .filter((name) => !accepted.includes(name))
    .map((name) => ({ name, message: 'is refused in production unless PRODUCTION_RISKS_ACCEPTED names it' }));

  const key = settings.SCAN_VALUE_HASH_KEY;
  if (typeof key === 'string' && (key === DEVELOPMENT_HASH_KEY || key.length < HASH_KEY_LENGTH_MIN)) {
    const message = `must be a secret of at least ${HASH_KEY_LENGTH_MIN} characters in production (openssl rand -hex 32)`;
    problems.push({ name: 'SCAN_VALUE_HASH_KEY', message });
  }
  return problems;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

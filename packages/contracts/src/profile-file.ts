import { AppError } from '@cookie-scanner/errors';
import { z } from 'zod';
import { scanParamsSchema, type ScanParamsInput } from './scan.ts';
import { siteAccessSchema, type SiteAccess } from './site-access.ts';

/**
 * A file that says how sites are scanned: `{ "params": {…}, "access": {…} }`. Both may be left out.
 *
 * Any text inside `access` may be given as `{ "env": "NAME" }`: it is then taken from the environment when the
 * command starts, so that the file itself holds no secret.
 */

/** Stands for every text that comes from the environment while a file is checked without one. */
const ANY_TEXT = 'taken-from-environment';
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Parameters as they are given: what is left out stays out, for other sources to decide. */
const givenParamsSchema = z.unknown().transform((input, context): ScanParamsInput => {
  for (const { path, message } of scanParamsSchema.safeParse(input).error?.issues ?? [])
    context.addIssue({ code: 'custom', message, path: [...path] });
  return input as ScanParamsInput;
});

/** Access with references to the environment still in it, known to be right apart from what they stand for. */
export interface UnresolvedAccess {
  readonly [key: string]: unknown;
}
const unresolvedAccessSchema = z.unknown().transform((input, context): UnresolvedAccess => {
  const filled = withReferences(input, () => ANY_TEXT);
  for (const { path, message } of siteAccessSchema.safeParse(filled).error?.issues ?? [])
    context.addIssue({ code: 'custom', message, path: [...path] });
  return input as UnresolvedAccess;
});

/** What a profile file may contain. */
export const profileFileSchema = z.strictObject({
  params: givenParamsSchema.prefault({}),
  access: unresolvedAccessSchema.prefault({}),
});
export type ProfileFile = z.infer<typeof profileFileSchema>;

/** A profile with every secret in place. Must not be printed or stored. */
export interface ResolvedProfileFile {
  readonly params: ScanParamsInput;
  readonly access: SiteAccess;
}

/**
 * Takes the texts that a profile leaves to the environment from there.
 *
 * @throws AppError CONFIG_INVALID that names every variable that is missing or empty, or every place whose text
 *   does not fit; values are never named
 */
export function resolveSecrets(
  { params, access }: ProfileFile,
  environment: Readonly<Record<string, string | undefined>>,
): ResolvedProfileFile {
  const missing = new Set<string>();
  const filled = withReferences(access, (name) => {
    const text = environment[name] ?? '';
    if (text === '') missing.add(name);
    return text;
  });
  if (missing.size > 0) {
    const names = [...missing].sort();
    throw new AppError(
      'CONFIG_INVALID',
      `The profile takes texts from environment variables that are not set: ${names.join(', ')}. Set them.`,
      { names },
    );
  }
  const result = siteAccessSchema.safeParse(filled);
  if (result.success) return { params, access: result.data };
  const problems = result.error.issues.map(({ path, message }) => `access.${path.join('.')} ${message}`);
  throw new AppError('CONFIG_INVALID', `The profile does not fit its environment: ${problems.join('; ')}.`, {
    problems,
  });
}

/** The same value with each `{ "env": "NAME" }` replaced by the text that the name stands for. */
function withReferences(value: unknown, textOf: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => withReferences(item, textOf));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first?.[0] === 'env' && typeof first[1] === 'string' && NAME.test(first[1]))
    return textOf(first[1]);
  return Object.fromEntries(entries.map(([key, item]) => [key, withReferences(item, textOf)]));
}

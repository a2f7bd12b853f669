import {
  profileFileSchema,
  resolveSecrets,
  type ProfileFile,
  type ScanParamsInput,
  type SiteAccess,
} from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { CommandContext } from './command-context.ts';

/** How sites are scanned. */
export interface ScanWay {
  readonly params: ScanParamsInput;
  /** Null where nothing opens the sites. */
  readonly access: SiteAccess | null;
}

/**
 * Reads a file that says how sites are scanned, and takes the secrets that it names from the environment.
 *
 * @param file - as the command line has it; undefined where it has none
 * @param given - parameters of the command line, which stand before those of the file
 * @throws AppError INPUT_INVALID when the file cannot be read or says something that is not known, with every place
 * @throws AppError CONFIG_INVALID when the environment lacks what the file takes from there
 */
export async function readProfile(
  file: string | undefined,
  given: ScanParamsInput,
  { workingDir, environment }: Pick<CommandContext, 'workingDir' | 'environment'>,
): Promise<ScanWay> {
  if (file === undefined) return { params: given, access: null };
  const path = resolve(workingDir, file);
  const profile = parseProfile(await readJson(path), path);
  const { params, access } = resolveSecrets(profile, environment);
  return {
    params: { ...params, ...given },
    access: Object.keys(profile.access).length === 0 ? null : access,
  };
}

function parseProfile(value: unknown, path: string): ProfileFile {
  const result = profileFileSchema.safeParse(value);
  if (!result.success) {
    const problems = result.error.issues.map(({ path: place, message }) =>
      place.length === 0 ? message : `${place.join('.')} ${message}`,
    );
    throw new AppError('INPUT_INVALID', `${path} is not a profile: ${problems.join('; ')}.`, { problems });
  }
  return result.data;
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const message = `${path} cannot be read; give a JSON file as --profile.`;
    throw new AppError('INPUT_INVALID', message, {}, { cause: error });
  });
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    // The parser's own words repeat what stands in the file, which may be a secret.
    throw new AppError('INPUT_INVALID', `${path} is not JSON.`);
  }
}

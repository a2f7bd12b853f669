import {
  crawlProfileSchema,
  resolveSecrets,
  type CrawlProfile,
  type ScanParamsInput,
  type SiteAccess,
} from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import { readFile } from 'node:fs/promises';

/** How every site of a crawl is scanned. */
export interface CrawlWay {
  readonly params: ScanParamsInput;
  /** Null where nothing opens the sites. */
  readonly access: SiteAccess | null;
}

/**
 * Reads a file that says how a list of sites is scanned, and takes the secrets that it names from the environment.
 *
 * @param path - null for a crawl without one
 * @param given - parameters of the command line, which stand before those of the file
 * @throws AppError INPUT_INVALID when the file cannot be read or says something that is not known, with every place
 * @throws AppError CONFIG_INVALID when the environment lacks what the file takes from there
 */
export async function readProfile(
  path: string | null,
  environment: Readonly<Record<string, string | undefined>>,
  given: ScanParamsInput,
): Promise<CrawlWay> {
  if (path === null) return { params: given, access: null };
  const profile = parseProfile(await readJson(path), path);
  const { params, access } = resolveSecrets(profile, environment);
  return {
    params: { ...params, ...given },
    access: Object.keys(profile.access).length === 0 ? null : access,
  };
}

function parseProfile(value: unknown, path: string): CrawlProfile {
  const result = crawlProfileSchema.safeParse(value);
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

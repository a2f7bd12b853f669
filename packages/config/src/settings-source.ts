import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse as parseDotenv } from 'dotenv';
import { replaceOlderNames } from './older-names.ts';
import type { RawSettings, SettingProblem } from './raw-settings.ts';
import { readYamlSettings } from './yaml-settings.ts';

/** What all sources say together. */
export interface ReadSettings {
  readonly settings: RawSettings;
  readonly problems: readonly SettingProblem[];
  /** Sentences about older names, without values. */
  readonly warnings: readonly string[];
  /** Files whose change may change the settings, whether they exist or not. */
  readonly files: readonly string[];
}

/** The settings that say where further settings are read from. */
export const SOURCE_SETTINGS = [
  {
    name: 'CONFIG_FILE',
    comment:
      'YAML file with settings, such as a copy of config.example.yaml. Used where neither the environment nor the\n' +
      '.env file has a value.',
    example: '/etc/cookie-scanner/config.yaml',
  },
  {
    name: 'ENV_FILE',
    comment:
      'File like this one, or "none". Without a value: .env in the current folder, else in the nearest one above it\n' +
      'up to the folder of the checkout.',
    example: '/etc/cookie-scanner/env',
  },
] as const;

/**
 * Merges what the environment, the `.env` file and the YAML file say: the environment wins over `.env`, and that
 * over YAML. Older names are replaced by the new ones. Nothing is written to `process.env`.
 *
 * @param folder - where the search for `.env` begins
 */
export function readSettings(environment: NodeJS.ProcessEnv, folder: string): ReadSettings {
  const problems: SettingProblem[] = [];
  const read = (name: string, path: string): string | null => readText(name, path, problems);

  const fromEnvironment = withoutEmpty(environment);
  const dotenv = dotenvFiles(fromEnvironment['ENV_FILE'], folder);
  const dotenvText = dotenv.path === null ? null : read('ENV_FILE', dotenv.path);
  const fromDotenv = dotenvText === null ? {} : withoutEmpty(parseDotenv(dotenvText));

  const above = { ...fromDotenv, ...fromEnvironment };
  const yamlPath = above['CONFIG_FILE'];
  const yamlText = yamlPath === undefined ? null : read('CONFIG_FILE', yamlPath);
  const fromYaml = yamlText === null ? {} : withoutEmpty(readYamlSettings(yamlText, problems));

  const { settings, warnings } = replaceOlderNames({ ...fromYaml, ...above }, problems);
  const files = yamlPath === undefined ? dotenv.candidates : [...dotenv.candidates, yamlPath];
  return { settings, problems, warnings, files };
}

function withoutEmpty(values: Record<string, string | undefined>): RawSettings {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => (entry[1] ?? '').trim() !== ''),
  );
}

/**
 * The `.env` file to read: the one that `ENV_FILE` names, else the one in `folder` or the nearest above it, no further
 * than the folder of the lock file; null when there is none.
 */
function dotenvFiles(
  envFile: string | undefined,
  folder: string,
): { path: string | null; candidates: string[] } {
  if (envFile === 'none') return { path: null, candidates: [] };
  if (envFile !== undefined) return { path: envFile, candidates: [envFile] };
  const candidates: string[] = [];
  for (let current = folder; ; current = dirname(current)) {
    const path = join(current, '.env');
    candidates.push(path);
    if (existsSync(path)) return { path, candidates };
    if (existsSync(join(current, 'package-lock.json')) || current === dirname(current)) {
      return { path: null, candidates };
    }
  }
}

function readText(name: string, path: string, problems: SettingProblem[]): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    problems.push({ name, message: `names a file that cannot be read (${code})` });
    return null;
  }
}

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse as parseDotenv } from 'dotenv';
import { parse as parseYaml, YAMLParseError } from 'yaml';

/** Values by setting name, as written; what is empty counts as not set and is left out. */
export type RawSettings = Record<string, string>;

/** Something wrong with one setting. Never contains its value. */
export interface SettingProblem {
  readonly name: string;
  readonly message: string;
}

/** The settings that say where further settings are read from. */
export const SOURCE_SETTINGS = [
  {
    name: 'CONFIG_FILE',
    comment:
      'YAML file with settings, under the same names as here. Used where neither the environment nor the .env file\n' +
      'has a value.',
    defaultText: null,
    example: '/etc/cookie-scanner/config.yaml',
  },
  {
    name: 'ENV_FILE',
    comment:
      'File like this one, or "none". Without a value: .env in the current folder, else in the nearest one above it\n' +
      'up to the folder of the checkout.',
    defaultText: null,
    example: '/etc/cookie-scanner/env',
  },
] as const;

/**
 * Merges what the environment, the `.env` file and the YAML file say: the environment wins over `.env`, and that
 * over YAML. Nothing is written to `process.env`.
 *
 * @param known - every name a YAML file may contain; another one there is a problem
 */
export function readSettings(
  environment: NodeJS.ProcessEnv,
  known: ReadonlySet<string>,
  folder: string,
): { settings: RawSettings; problems: SettingProblem[] } {
  const problems: SettingProblem[] = [];
  const fromEnvironment = withoutEmpty(environment);
  const fromDotenv = readDotenv(fromEnvironment['ENV_FILE'], folder, problems);
  const above = { ...fromDotenv, ...fromEnvironment };
  const configFile = above['CONFIG_FILE'];
  const fromYaml = configFile === undefined ? {} : readYaml(configFile, known, problems);
  return { settings: { ...fromYaml, ...above }, problems };
}

function withoutEmpty(values: Record<string, string | undefined>): RawSettings {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => (entry[1] ?? '').trim() !== ''),
  );
}

function readDotenv(envFile: string | undefined, folder: string, problems: SettingProblem[]): RawSettings {
  if (envFile === 'none') return {};
  const path = envFile ?? nearestDotenv(folder);
  if (path === null) return {};
  const text = readText('ENV_FILE', path, problems);
  return text === null ? {} : withoutEmpty(parseDotenv(text));
}

/** `.env` in `folder` or above it, no further than the folder of the lock file; null when there is none. */
function nearestDotenv(folder: string): string | null {
  for (let current = folder; ; current = dirname(current)) {
    const path = join(current, '.env');
    if (existsSync(path)) return path;
    if (existsSync(join(current, 'package-lock.json')) || current === dirname(current)) return null;
  }
}

function readYaml(path: string, known: ReadonlySet<string>, problems: SettingProblem[]): RawSettings {
  const text = readText('CONFIG_FILE', path, problems);
  if (text === null) return {};
  let document: unknown;
  try {
    document = parseYaml(text, { prettyErrors: true, maxAliasCount: 0 });
  } catch (error) {
    problems.push({ name: 'CONFIG_FILE', message: `is not valid YAML${yamlPosition(error)}` });
    return {};
  }
  if (document === null) return {};
  if (typeof document !== 'object' || Array.isArray(document)) {
    problems.push({ name: 'CONFIG_FILE', message: 'must contain one "NAME: value" a line' });
    return {};
  }
  const values: RawSettings = {};
  for (const [name, value] of Object.entries(document)) {
    const asText = yamlText(value);
    if (!known.has(name)) problems.push({ name, message: 'is not a setting, but CONFIG_FILE has it' });
    else if (asText === null)
      problems.push({ name, message: 'must be one value or a list of values in CONFIG_FILE' });
    else values[name] = asText;
  }
  return withoutEmpty(values);
}

/** The value as it would stand in the environment; null when it cannot. A list becomes a comma list. */
function yamlText(value: unknown): string | null {
  if (value === null) return '';
  if (Array.isArray(value)) {
    const parts = value.map(yamlText);
    return parts.some((part) => part === null) ? null : parts.join(',');
  }
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

/** Line and column only: the message of the parser quotes the file, and the file holds secrets. */
function yamlPosition(error: unknown): string {
  const position = error instanceof YAMLParseError ? error.linePos?.[0] : undefined;
  return position ? ` (line ${position.line}, column ${position.col})` : '';
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

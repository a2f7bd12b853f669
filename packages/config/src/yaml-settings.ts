import { parse as parseYaml, YAMLParseError } from 'yaml';
import { knownNames, knownSections } from './all-sections.ts';
import { OLDER_NAMES } from './older-names.ts';
import type { RawSettings, SettingProblem } from './raw-settings.ts';

/**
 * Reads a YAML file: settings below their section (`scan: { leaseMs: 60000 }`), or at the top by the names that they
 * have in the environment.
 *
 * @param problems - takes what is wrong; never with a value, because the file holds secrets
 * @returns values by the names of the environment
 */
export function readYamlSettings(text: string, problems: SettingProblem[]): RawSettings {
  const document = parseDocument(text, problems);
  const refuse = (name: string, message: string): void => void problems.push({ name, message });
  const names = new Set([...knownNames(), ...OLDER_NAMES]);
  const sections = new Map(knownSections().map((section) => [section.name, section]));
  const values: RawSettings = {};

  const take = (name: string, path: string, value: unknown): void => {
    const asText = yamlText(value);
    if (asText === null) refuse(name, 'must be one value or a list of values in CONFIG_FILE');
    else if (name in values) refuse(name, `stands in CONFIG_FILE twice, also as ${path}`);
    else values[name] = asText;
  };

  for (const [key, value] of Object.entries(document)) {
    const section = sections.get(key);
    const content = value ?? {};
    if (names.has(key)) take(key, key, value);
    else if (!section) refuse(key, 'is not a setting, but CONFIG_FILE has it');
    else if (!isMap(content)) refuse(key, 'must be a section with "key: value" lines in CONFIG_FILE');
    else {
      const keys = new Map(section.settings.map(({ name, yamlKey }) => [yamlKey, name]));
      for (const [own, ownValue] of Object.entries(content)) {
        const name = keys.get(own);
        if (name === undefined) refuse(`${key}.${own}`, 'is not a setting, but CONFIG_FILE has it');
        else take(name, `${key}.${own}`, ownValue);
      }
    }
  }
  return values;
}

function parseDocument(text: string, problems: SettingProblem[]): Readonly<Record<string, unknown>> {
  const refuse = (message: string): Readonly<Record<string, unknown>> => {
    problems.push({ name: 'CONFIG_FILE', message });
    return {};
  };
  try {
    const document: unknown = parseYaml(text, { prettyErrors: true, maxAliasCount: 0 });
    const content = document ?? {};
    return isMap(content) ? content : refuse('must contain sections with settings');
  } catch (error) {
    return refuse(`is not valid YAML${yamlPosition(error)}`);
  }
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
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

/** Line and column only: the message of the parser quotes the file. */
function yamlPosition(error: unknown): string {
  const position = error instanceof YAMLParseError ? error.linePos?.[0] : undefined;
  return position ? ` (line ${position.line}, column ${position.col})` : '';
}

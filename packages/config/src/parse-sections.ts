import { z } from 'zod';
import type { RawSettings, SettingProblem } from './raw-settings.ts';

/** Sections by the names that the caller gives them. */
export type Sections = Readonly<Record<string, z.ZodType>>;

/** What loading these sections gives. */
export type LoadedConfig<T extends Sections> = { [K in keyof T]: z.output<T[K]> };

/** Parses every section, and tells all that is wrong with any of them; never a value. */
export function parseSections<T extends Sections>(
  sections: T,
  settings: RawSettings,
): { config: LoadedConfig<T>; problems: SettingProblem[] } {
  const config: Record<string, unknown> = {};
  const problems: SettingProblem[] = [];
  for (const [key, section] of Object.entries(sections)) {
    const result = section.safeParse(settings);
    if (result.success) config[key] = result.data;
    else problems.push(...result.error.issues.map((issue) => toProblem(issue, settings)));
  }
  // Complete where there are no problems; nobody may use it where there are.
  return { config: config as LoadedConfig<T>, problems };
}

/** Each problem as one line, each line once. */
export function reasonsOf(problems: readonly SettingProblem[]): string[] {
  return [...new Set(problems.map(({ name, message }) => `${name} ${message}`))];
}

/** The settings that a section reads, by name; empty for a schema that is not made of settings. */
export function settingsOf(section: z.ZodType): Readonly<Record<string, z.core.$ZodType>> {
  const input: z.core.$ZodType = section instanceof z.ZodPipe ? section.in : section;
  return input instanceof z.ZodObject ? input.shape : {};
}

function toProblem(issue: z.core.$ZodIssue, settings: RawSettings): SettingProblem {
  const name = String(issue.path[0]);
  const isMissing = issue.code !== 'custom' && settings[name] === undefined;
  return { name, message: isMissing ? 'is not set' : issue.message };
}

import { AppError } from '@cookie-scanner/errors';
import type { z } from 'zod';
import { knownNames } from './all-sections.ts';
import { readSettings, type SettingProblem } from './settings-source.ts';

/** What `loadConfig` returns for these sections. */
type LoadedConfig<T extends Record<string, z.ZodType>> = { [K in keyof T]: z.output<T[K]> };

/**
 * Reads the settings of one service, once, in its `main.ts`.
 *
 * Defaults are overruled by the YAML file that `CONFIG_FILE` names, that by the `.env` file, and that by the
 * environment. A value that is empty counts as not set.
 *
 * @param folder - where the search for `.env` begins
 * @throws AppError CONFIG_INVALID naming every bad setting at once, and never a value
 */
export function loadConfig<T extends Record<string, z.ZodType>>(
  sections: T,
  environment: NodeJS.ProcessEnv,
  folder: string = process.cwd(),
): LoadedConfig<T> {
  const { settings, problems } = readSettings(environment, new Set(knownNames()), folder);
  const loaded: Record<string, unknown> = {};

  for (const [key, section] of Object.entries(sections)) {
    const result = section.safeParse(settings);
    if (result.success) loaded[key] = result.data;
    else problems.push(...result.error.issues.map((issue) => toProblem(issue, settings)));
  }

  const reasons = [...new Set(problems.map(({ name, message }) => `${name} ${message}`))];
  if (reasons.length > 0) {
    const names = [...new Set(problems.map(({ name }) => name))];
    throw new AppError('CONFIG_INVALID', `The settings cannot be used:\n- ${reasons.join('\n- ')}`, {
      names,
    });
  }
  return loaded as LoadedConfig<T>;
}

function toProblem(issue: z.core.$ZodIssue, settings: Record<string, string>): SettingProblem {
  const name = String(issue.path[0]);
  const isMissing = issue.code !== 'custom' && settings[name] === undefined;
  return { name, message: isMissing ? 'is not set' : issue.message };
}

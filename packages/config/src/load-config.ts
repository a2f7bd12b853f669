import { AppError } from '@cookie-scanner/errors';
import { parseSections, reasonsOf, type LoadedConfig, type Sections } from './parse-sections.ts';
import { misspeltNames } from './misspelt-names.ts';
import { readSettings } from './settings-source.ts';
import { watchSettings, type ConfigWatch, type WatchOptions } from './watch-settings.ts';

/** The settings of one process, and the way to follow their changes. */
export interface OpenedConfig<T extends Sections> {
  readonly config: LoadedConfig<T>;
  /** Sentences about misspelt and older names, to be logged once. */
  readonly warnings: readonly string[];
  /** Follows changes of the files from now on. */
  readonly watch: (options: WatchOptions<T>) => ConfigWatch;
}

/**
 * Reads the settings of one service, once, in its `main.ts`.
 *
 * Defaults are overruled by the YAML file that `CONFIG_FILE` names, that by the `.env` file, and that by the
 * environment. A value that is empty counts as not set.
 *
 * @param folder - where the search for `.env` begins
 * @throws AppError CONFIG_INVALID naming every bad setting at once, and never a value
 */
export function openConfig<T extends Sections>(
  sections: T,
  environment: NodeJS.ProcessEnv,
  folder: string = process.cwd(),
): OpenedConfig<T> {
  const read = readSettings(environment, folder);
  const { config, problems } = parseSections(sections, read.settings);
  const all = [...read.problems, ...problems];
  if (all.length > 0) {
    const names = [...new Set(all.map(({ name }) => name))];
    const reasons = reasonsOf(all).join('\n- ');
    throw new AppError('CONFIG_INVALID', `The settings cannot be used:\n- ${reasons}`, { names });
  }
  return {
    config,
    warnings: [...misspeltNames(read.settings), ...read.warnings],
    watch: (options) =>
      watchSettings({ sections, read: () => readSettings(environment, folder), first: read, ...options }),
  };
}

/**
 * As `openConfig`, for a command that does not live long enough to follow changes.
 *
 * @throws AppError CONFIG_INVALID naming every bad setting at once, and never a value
 */
export function loadConfig<T extends Sections>(
  sections: T,
  environment: NodeJS.ProcessEnv,
  folder: string = process.cwd(),
): LoadedConfig<T> {
  return openConfig(sections, environment, folder).config;
}

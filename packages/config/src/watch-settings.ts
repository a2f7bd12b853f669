import { isatty } from 'node:tty';
import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import { misspeltNames } from './misspelt-names.ts';
import { parseSections, reasonsOf, settingsOf, type LoadedConfig, type Sections } from './parse-sections.ts';
import type { RawSettings } from './raw-settings.ts';
import { noteOf } from './setting.ts';
import type { ReadSettings } from './settings-source.ts';
import { watchFiles } from './watch-files.ts';

/** Where the watch tells what happened; any logger of the platform will do. */
interface WatchLogger {
  info(message: string, fields: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields: Readonly<Record<string, unknown>>): void;
}

/** How a service follows its settings. */
export interface WatchOptions<T extends Sections> {
  readonly logger: WatchLogger;
  /**
   * What takes the new values of a section in this process. A live setting whose section is not here counts from the
   * next start on, like every other setting.
   */
  readonly apply: { readonly [K in keyof T]?: (section: z.output<T[K]>) => void };
  /** Milliseconds between two looks at the files; 1,000 unless told. */
  readonly pollMs?: number;
}

/** What came of one look at the settings. Names only, never a value. */
type ReloadOutcome =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly problems: readonly string[] }
  | {
      readonly kind: 'accepted';
      readonly applied: readonly string[];
      readonly restartNeeded: readonly string[];
    };

/** A running watch. */
export interface ConfigWatch {
  /** Reads the settings again now. Never throws for what is wrong with them. */
  readonly reload: () => ReloadOutcome;
  readonly close: () => void;
}

interface WatchedSettings<T extends Sections> extends WatchOptions<T> {
  readonly sections: T;
  readonly read: () => ReadSettings;
  /** What the process was started with. */
  readonly first: ReadSettings;
}

/**
 * Follows changes of the YAML file and of `.env`, and reads both again on SIGHUP.
 *
 * New settings are taken as a whole or not at all: when anything is wrong with them the old ones stay, and one line of
 * the log names the problems. Settings that cannot change while the process runs are named, once.
 */
export function watchSettings<T extends Sections>(options: WatchedSettings<T>): ConfigWatch {
  const { sections, read, first, logger, apply, pollMs = 1_000 } = options;
  /** What the process runs with. */
  let settings: RawSettings = first.settings;
  let config = parseSections(sections, settings).config;
  /** What the files said last, so that the same change is told once. */
  let told = first.settings;
  const warned = new Set([...misspeltNames(first.settings), ...first.warnings]);

  const refuse = (problems: readonly string[]): ReloadOutcome => {
    logger.error('the changed settings are refused and the old ones stay', { problems });
    return { kind: 'refused', problems };
  };

  function reload(): ReloadOutcome {
    const fresh = read();
    files.follow(fresh.files);
    const problems = [...fresh.problems, ...parseSections(sections, fresh.settings).problems];
    if (problems.length > 0) return refuse(reasonsOf(problems));

    const changed = changedNames(sections, settings, fresh.settings);
    const live = changed.filter((name) => isLive(sections, apply, name));
    const next = withValuesOf(fresh.settings, live, settings);
    const together = parseSections(sections, next);
    if (together.problems.length > 0) {
      return refuse(reasonsOf(together.problems).map((reason) => `${reason} until a restart`));
    }

    const lastTold = told;
    told = fresh.settings;
    for (const warning of [...misspeltNames(fresh.settings), ...fresh.warnings]) {
      if (!warned.has(warning)) logger.warn(warning);
      warned.add(warning);
    }
    const restartNeeded = changed.filter((name) => !live.includes(name));
    if (restartNeeded.length > 0 && changedNames(sections, lastTold, told).length > 0) {
      logger.warn('changed settings that count from the next start on', { names: restartNeeded });
    }
    settings = next;
    if (live.length > 0) {
      // Said first, because the new level of the log may leave it out.
      logger.info('taking over changed settings', { names: live });
      applyChanges(sections, config, together.config, apply);
      config = together.config;
    }
    return changed.length === 0 ? { kind: 'unchanged' } : { kind: 'accepted', applied: live, restartNeeded };
  }

  const files = watchFiles(first.files, pollMs, reload);
  const stopListening = onHangUp(reload);
  return {
    reload,
    close() {
      files.close();
      stopListening();
    },
  };
}

/** Names whose meaning differs, whether written or by default. */
function changedNames(sections: Sections, before: RawSettings, after: RawSettings): string[] {
  const schemas = Object.assign({}, ...Object.values(sections).map(settingsOf)) as Record<string, z.ZodType>;
  return Object.entries(schemas)
    .filter(([name, schema]) => {
      if (before[name] === after[name]) return false;
      return !isDeepStrictEqual(schema.safeParse(before[name]).data, schema.safeParse(after[name]).data);
    })
    .map(([name]) => name);
}

/** True when the setting may change and every section that has it can take it over. */
function isLive(sections: Sections, apply: Readonly<Record<string, unknown>>, name: string): boolean {
  return Object.entries(sections).every(([key, section]) => {
    const schema = settingsOf(section)[name];
    return schema === undefined || (noteOf(schema)?.isLive === true && apply[key] !== undefined);
  });
}

/** `base` with these names as `source` has them. */
function withValuesOf(source: RawSettings, names: readonly string[], base: RawSettings): RawSettings {
  const rest = Object.entries(base).filter(([name]) => !names.includes(name));
  const taken = Object.entries(source).filter(([name]) => names.includes(name));
  return Object.fromEntries([...rest, ...taken]);
}

function applyChanges<T extends Sections>(
  sections: T,
  before: LoadedConfig<T>,
  after: LoadedConfig<T>,
  apply: WatchOptions<T>['apply'],
): void {
  for (const key of Object.keys(sections) as (keyof T)[]) {
    if (!isDeepStrictEqual(before[key], after[key])) apply[key]?.(after[key]);
  }
}

/** SIGHUP asks for a reload, except when it comes because the terminal was closed: then the process stops in order. */
function onHangUp(reload: () => void): () => void {
  const hadTerminal = isatty(process.stdout.fd);
  const listener = (): void => {
    if (hadTerminal && !isatty(process.stdout.fd)) process.kill(process.pid, 'SIGTERM');
    else reload();
  };
  process.on('SIGHUP', listener);
  return () => void process.off('SIGHUP', listener);
}

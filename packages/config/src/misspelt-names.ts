import { knownNames } from './all-sections.ts';
import { OLDER_NAMES } from './older-names.ts';
import type { RawSettings } from './raw-settings.ts';
import { SOURCE_SETTINGS } from './settings-source.ts';

/** Edits that a slip of the fingers makes at most. */
const EDITS_MAX = 2;

/**
 * One sentence for every name in the environment or the `.env` file that looks like a misspelt setting.
 *
 * A misspelt name is otherwise silently without effect, which is worst for the settings that protect something.
 */
export function misspeltNames(settings: RawSettings): string[] {
  const names = [...SOURCE_SETTINGS.map(({ name }) => name), ...knownNames()];
  const known = new Set([...names, ...OLDER_NAMES]);
  return Object.keys(settings)
    .filter((name) => !known.has(name))
    .flatMap((name) => {
      const meant = names.find((candidate) => isNear(name, candidate));
      return meant === undefined
        ? []
        : [`${name} is not a setting and has no effect; did you mean ${meant}?`];
    });
}

function isNear(name: string, known: string): boolean {
  if (Math.abs(name.length - known.length) > EDITS_MAX || known.length < 6) return false;
  return editDistance(name.toUpperCase(), known) <= EDITS_MAX;
}

/** Insertions, deletions and replacements that turn `a` into `b` (Levenshtein). */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 0; row < a.length; row += 1) {
    const current = [row + 1];
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (a[row] === b[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

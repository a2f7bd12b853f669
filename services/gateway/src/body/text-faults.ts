/**
 * Looks for text that PostgreSQL cannot store as it is: the character NUL and halves of surrogate pairs, in keys and
 * values.
 *
 * @param value - parsed JSON of bounded depth
 * @returns JSON pointer of the first one, as a URI fragment; null when there is none
 */
export function findUnstorableText(value: unknown, pointer = '#'): string | null {
  if (typeof value === 'string') return isStorable(value) ? null : pointer;
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, part] of Object.entries(value)) {
    if (!isStorable(key)) return pointer;
    const found = findUnstorableText(part, `${pointer}/${key.slice(0, 100)}`);
    if (found !== null) return found;
  }
  return null;
}

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

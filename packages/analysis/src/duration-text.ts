const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;
const YEAR = 365 * DAY;

/**
 * A length of time in words, in the largest unit that keeps it exact enough to talk about: "45 seconds",
 * "30 minutes", "24 hours" as "1 day", "400 days", "2 years".
 *
 * @param seconds - not negative; fractions are rounded
 */
export function durationText(seconds: number): string {
  if (seconds < MINUTE) return counted(Math.round(seconds), 'second');
  if (seconds < HOUR) return counted(Math.round(seconds / MINUTE), 'minute');
  if (seconds < 2 * DAY && Math.round(seconds / HOUR) !== 24)
    return counted(Math.round(seconds / HOUR), 'hour');
  if (seconds < 2 * YEAR) return counted(Math.round(seconds / DAY), 'day');
  return counted(Math.round((seconds / YEAR) * 10) / 10, 'year');
}

/** A number with its noun: "1 cookie", "1,200 cookies". Nouns that do not just take an "s" give their plural. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString('en-GB')} ${count === 1 ? noun : plural}`;
}

/** Words as a list in a sentence: "a", "a and b", "a, b and c". */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

import type { ValueKind, ValueShape } from '@cookie-scanner/contracts';

const BOOLEAN = /^(?:[01yntf]|true|false|yes|no|on|off)$/i;
const NUMBER = /^[+-]?\d+(?:\.\d+)?$/;
const UUID = /^\{?[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\}?$/i;
const HEX = /^(?=.*\d)(?=.*[a-fA-F])(?:[\da-f]+|[\dA-F]+)$/;
const ISO_DATE =
  /^[+-]?\d{4}-[01]\d-[0-3]\d(?:[T ][0-2]\d:[0-5]\d(?::[0-6]\d(?:[.,]\d+)?)?(?:Z|[+-][0-2]\d:?[0-5]\d)?)?$/i;
/** The same anywhere in a text. */
const ISO_DATES =
  /\d{4}-[01]\d-[0-3]\d(?:[T ][0-2]\d:[0-5]\d(?::[0-6]\d(?:[.,]\d+)?)?(?:Z|[+-][0-2]\d:?[0-5]\d)?)?/gi;
const HTTP_DATE = /^[A-Z][a-z]{2},? \d{1,2}[ -][A-Z][a-z]{2}[ -]\d{2,4} \d{1,2}:\d{2}:\d{2} (?:GMT|UTC)$/;
const SEPARATORS = /[.|&:;,=]/;
/** What stands between parts of text, addresses and query strings, beside the separators of lists. */
const TEXT_SEPARATORS = /[.|&:;,\s/?#=(){}[\]"'<>]+/;

/** Unix time of 2015 and of 2040, in seconds: what a site of today stores as a time lies between. */
const UNIX_SECONDS = { from: 1_420_070_400, to: 2_208_988_800 };
/** Two times in a profile that is some seconds old do not lie this far apart; then one of them is no time. */
const FAR_APART_SECONDS = 10_000_000;
/** What is no time is a number of 32 bits that looks like one, as every fifth of them does. */
const ODD_TIME_BITS = 30;

/** Longer values are judged by their beginning. */
const LENGTH_MAX = 4_096;
const PARTS_MAX = 200;

/** Describes a value so that the value itself need not be kept. */
export function valueShapeOf(value: string): ValueShape {
  const { length } = value;
  const text = decoded(value.slice(0, LENGTH_MAX)).trim();
  const kind = kindOf(text);
  return { kind, length, entropyBits: Math.floor(bitsOf(text, kind)) };
}

function kindOf(text: string): ValueKind {
  if (text === '') return 'empty';
  if (BOOLEAN.test(text)) return 'boolean';
  if (isTimestamp(text)) return 'timestamp';
  if (NUMBER.test(text)) return 'number';
  if (UUID.test(text)) return 'uuid';
  if (isReadable(text)) return 'word';
  if (HEX.test(text)) return 'hex';
  if (/^[[{]/.test(text) && jsonLeaves(text) !== null) return 'json';
  if (!/[^\x21-\x7e]/.test(text)) {
    if (/^[\w+/~%-]+={0,2}$/.test(text)) return 'token';
    if (SEPARATORS.test(text) && !/[{}()<>"]|\/\//.test(text)) return 'list';
  }
  return 'text';
}

function bitsOf(text: string, kind: ValueKind): number {
  switch (kind) {
    case 'json':
      return partsBits(jsonLeaves(text) ?? []);
    case 'list':
      return partsBits(text.replace(ISO_DATES, '').split(SEPARATORS));
    case 'text':
      return partsOrWholeBits(text, text.replace(ISO_DATES, '').split(TEXT_SEPARATORS));
    case 'token':
      return partsOrWholeBits(text, text.split(/[-_~]/));
    default:
      return entropyOf(text);
  }
}

function partsOrWholeBits(whole: string, parts: readonly string[]): number {
  return parts.length === 1 ? entropyOf(whole) : partsBits(parts);
}

/** What the parts add up to that could be somebody's: times, counters, switches and words add nothing. */
function partsBits(allParts: readonly string[]): number {
  const parts = allParts.slice(0, PARTS_MAX);
  const times: number[] = [];
  let bits = 0;
  for (const part of parts) {
    const kind = kindOf(part);
    if (kind === 'timestamp' && NUMBER.test(part)) times.push(unixSeconds(part));
    else if (kind === 'number' && /^\d{8,}$/.test(part)) bits += entropyOf(part);
    else if (['uuid', 'hex', 'token', 'list', 'json', 'text'].includes(kind)) bits += bitsOf(part, kind);
  }
  const [first = 0] = times;
  const odd = times.find((time) => Math.abs(time - first) > FAR_APART_SECONDS);
  return odd === undefined ? bits : bits + ODD_TIME_BITS;
}

/** Shannon's entropy of the characters, times their number. */
function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits += count * Math.log2(text.length / count);
  return bits;
}

function isTimestamp(text: string): boolean {
  if (ISO_DATE.test(text) || HTTP_DATE.test(text)) return true;
  const seconds = unixSeconds(text);
  return seconds >= UNIX_SECONDS.from && seconds <= UNIX_SECONDS.to;
}

/** Seconds since 1970 that this may stand for, by its number of digits; NaN for anything else. */
function unixSeconds(text: string): number {
  const digits = /^(\d+)(?:\.\d{1,6})?$/.exec(text)?.[1];
  if (digits?.length === 10) return Number(digits);
  if (digits?.length === 13) return Number(digits) / 1e3;
  if (digits?.length === 16) return Number(digits) / 1e6;
  return Number.NaN;
}

/** True where every part is a word, a short number, or a word with a short number at its end. */
function isReadable(text: string): boolean {
  if (text.length > 80) return false;
  return text
    .split(/[\s._:/|,;&=+-]+/)
    .every((part) => part === '' || /^\d{1,5}(?:x\d{1,5})?$/.test(part) || isWord(part));
}

/** Letters that could be spoken, or an abbreviation; `camelCase` counts as several words. */
function isWord(part: string): boolean {
  const letters = /^(\p{L}+)\d{0,3}$/u.exec(part)?.[1];
  if (letters === undefined) return false;
  if (letters.length <= 3) return true;
  const humps = letters.match(/\p{Lu}?\p{Ll}+|\p{Lu}+/gu) ?? [letters];
  // Signs drawn by lot change between upper and lower case about every other time.
  if (humps.length > 1 + letters.length / 4) return false;
  return humps.every((hump) => hump.length <= 3 || isSpeakable(hump.toLowerCase()));
}

function isSpeakable(word: string): boolean {
  if (word.length > 24) return false;
  if (!/^[a-z]+$/.test(word)) return true; // Other scripts have other rules; nobody draws lots in them.
  if (/[^aeiouy]{6}/.test(word)) return false;
  const vowels = word.match(/[aeiouy]/g)?.length ?? 0;
  return word.length <= 4 ? vowels > 0 : vowels / word.length >= 0.2;
}

/** Every text and number in a JSON value; null when it is none. */
function jsonLeaves(text: string): string[] | null {
  try {
    const leaves: string[] = [];
    const open: unknown[] = [JSON.parse(text)];
    while (open.length > 0 && leaves.length < PARTS_MAX) {
      const next = open.pop();
      if (typeof next === 'string' || typeof next === 'number') leaves.push(String(next));
      else if (typeof next === 'object' && next !== null)
        open.push(...Object.values(next as Record<string, unknown>).slice(0, PARTS_MAX));
    }
    return leaves;
  } catch {
    return null; // Not JSON, which is an answer.
  }
}

/** Without the percent signs of URLs, in which many sites store their values. */
function decoded(value: string): string {
  if (!value.includes('%')) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value; // A percent sign that encodes nothing.
  }
}

import { types } from 'node:util';
import { REDACTED, scrubText } from './scrub-text.ts';

const UNREADABLE = '[unreadable]';
const DEPTH_MAX = 8;
const ENTRIES_MAX = 100;
/** Values copied for one log line; what comes after them is left out. */
const VALUES_MAX = 2_000;

/** Parts of a key that make its value secret, compared in lower case without punctuation. */
const SECRET_PARTS = /password|passwd|secret|token|authorization|apikey|privatekey|hashkey|credential/;
const SECRET_KEYS: ReadonlySet<string> = new Set([
  'cookie',
  'setcookie',
  'value',
  'values',
  'smtpurl',
  'databaseurl',
  'redisurl',
]);

/** How far one copy has come. */
interface Progress {
  readonly path: Set<object>;
  valuesLeft: number;
}

/**
 * A copy of `value` that may be logged: without secrets (by key, and inside texts), without cycles, of bounded size,
 * made of plain JSON values only. Errors keep name, code, message, stack, details and cause.
 *
 * Never throws and never calls `toJSON`, because it runs on whatever went wrong.
 */
export function redact(value: unknown): unknown {
  try {
    return copy(value, { path: new Set(), valuesLeft: VALUES_MAX });
  } catch {
    // A proxy, or another object that defends itself.
    return UNREADABLE;
  }
}

function copy(value: unknown, progress: Progress): unknown {
  progress.valuesLeft -= 1;
  switch (typeof value) {
    case 'string':
      return scrubText(value);
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'boolean':
    case 'undefined':
      return value;
    case 'bigint':
    case 'symbol':
      return String(value);
    case 'function':
      return '[function]';
    case 'object':
      return value === null ? null : copyObject(value, progress);
  }
}

function copyObject(value: object, progress: Progress): unknown {
  if (types.isDate(value)) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof URL) return scrubText(value.href);
  if (types.isRegExp(value)) return String(value);
  if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) return `[${value.byteLength} bytes]`;
  if (progress.path.has(value)) return '[circular]';
  if (progress.path.size >= DEPTH_MAX) return '[too deep]';

  progress.path.add(value);
  try {
    if (Array.isArray(value) || types.isSet(value)) return copyList([...value], progress);
    if (types.isMap(value)) return copyEntries(mapEntries(value), progress);
    return copyEntries(ownEntries(value), progress);
  } finally {
    progress.path.delete(value);
  }
}

function copyList(list: readonly unknown[], progress: Progress): unknown[] {
  const copies: unknown[] = [];
  for (const item of list.slice(0, ENTRIES_MAX)) {
    if (progress.valuesLeft <= 0) break;
    copies.push(copy(item, progress));
  }
  if (copies.length < list.length) copies.push(`[${list.length - copies.length} more]`);
  return copies;
}

function copyEntries(entries: readonly (readonly [string, () => unknown])[], progress: Progress): object {
  // Without a prototype a key named __proto__ is an ordinary key.
  const copies = Object.create(null) as Record<string, unknown>;
  let count = 0;
  for (const [key, read] of entries) {
    if (count >= ENTRIES_MAX || progress.valuesLeft <= 0) {
      copies['…'] = `[${entries.length - count} more]`;
      break;
    }
    copies[scrubText(key)] = copyEntry(key, read, progress);
    count += 1;
  }
  return copies;
}

function copyEntry(key: string, read: () => unknown, progress: Progress): unknown {
  try {
    const value = read();
    if (value === undefined || value === null) return value;
    return isSecretKey(key, value) ? REDACTED : copy(value, progress);
  } catch {
    // A getter of a foreign object failed; the log line matters more than that property.
    return UNREADABLE;
  }
}

function isSecretKey(key: string, value: unknown): boolean {
  const plain = key.toLowerCase().replace(/[^a-z]/g, '');
  // Counts are logged under `cookies`; a header line would be a text.
  if (plain === 'cookies') return typeof value === 'string';
  return SECRET_KEYS.has(plain) || SECRET_PARTS.test(plain);
}

function ownEntries(value: object): [string, () => unknown][] {
  const keys = new Set<string>();
  const isError = isAnError(value);
  if (isError) {
    // These are not enumerable; the stack repeats the message, but the message must be searchable.
    for (const key of ['name', 'code', 'message', 'details', 'cause', 'errors', 'stack']) {
      if (key in value) keys.add(key);
    }
  }
  for (const key of Object.keys(value)) keys.add(key);
  // The row of the error table repeats what the code says.
  if (isError) keys.delete('rule');
  return [...keys].map((key) => [key, () => Reflect.get(value, key) as unknown]);
}

/** Also for errors of another realm, which are no `instanceof Error` here. */
function isAnError(value: object): boolean {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}

function mapEntries(map: ReadonlyMap<unknown, unknown>): [string, () => unknown][] {
  return [...map].map(([key, value]) => [String(key), () => value]);
}

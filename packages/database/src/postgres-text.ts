/** Longest text from a website that is stored, in UTF-16 code units; PostgreSQL's checks use the same number. */
const TEXT_LENGTH_MAX = 8_192;

/** NUL, surrogates without their other half, and backslashes that would read as one of our own escapes. */
const UNSTORABLE =
  /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|\\(?=u(?:0000|005c|d[89a-f][0-9a-f]{2}))/g;

const ESCAPE = /\\u(0000|005c|d[89a-f][0-9a-f]{2})/g;

/**
 * Writes what PostgreSQL's text and jsonb cannot hold as visible escapes such as `\u0000`, so that hostile names and
 * URLs are stored as they were seen. Other text stays as it is. `fromPostgresText` gives back the original exactly.
 *
 * @see https://www.postgresql.org/docs/16/datatype-json.html why NUL and lone surrogates are refused
 */
export function toPostgresText(text: string): string {
  return text.replace(UNSTORABLE, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The text that `toPostgresText` was given. */
export function fromPostgresText(stored: string): string {
  return stored.replace(ESCAPE, (_escape, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Applies `toPostgresText` to every text inside a JSON value, keys included. */
export function toPostgresJson(value: unknown): unknown {
  if (typeof value === 'string') return toPostgresText(value);
  if (Array.isArray(value)) return value.map(toPostgresJson);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [toPostgresText(key), toPostgresJson(item)]),
    );
  }
  return value;
}

/** The JSON value that `toPostgresJson` was given. */
export function fromPostgresJson(stored: unknown): unknown {
  if (typeof stored === 'string') return fromPostgresText(stored);
  if (Array.isArray(stored)) return stored.map(fromPostgresJson);
  if (typeof stored === 'object' && stored !== null) {
    return Object.fromEntries(
      Object.entries(stored).map(([key, item]) => [fromPostgresText(key), fromPostgresJson(item)]),
    );
  }
  return stored;
}

/** `toPostgresText`, cut to the length a column takes; cut text ends in an ellipsis. The observation keeps it whole. */
export function toBoundedText(text: string): string {
  const stored = toPostgresText(text);
  if (stored.length <= TEXT_LENGTH_MAX) return stored;
  // An escape or a surrogate pair must not be cut in two.
  const kept = stored.slice(0, TEXT_LENGTH_MAX - 1).replace(/(?:\\u?[0-9a-f]{0,3}|[\ud800-\udbff])$/, '');
  return `${kept}…`;
}

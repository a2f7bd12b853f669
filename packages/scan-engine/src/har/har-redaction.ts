import { literalPattern } from '../literal-pattern.ts';
import type { HarCookie, HarPair } from './har-format.ts';

/** What is taken out of the texts of a HAR. */
export interface HarRedaction {
  /** Takes secrets, and values of cookies that stand in other places, out of any text. */
  text(text: string): string;
  header(header: HarPair): HarPair;
  cookie(cookie: HarCookie): HarCookie;
}

/** Headers that carry the credentials of whoever asked for the scan. */
const CREDENTIAL_HEADERS: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization']);
const REDACTED = '[redacted]';

/** A shorter value stands in a text by chance, and tells nobody apart. */
const TELLING_LENGTH_MIN = 8;
const VALUES_MAX = 1_000;

interface RedactionOptions {
  readonly scrub: (text: string) => string;
  /** Null keeps the values of cookies. */
  readonly redactCookieValue: ((value: string) => string) | null;
  /** Headers in small letters that whoever asked for the scan had sent. */
  readonly secretHeaders: ReadonlySet<string>;
  /** Values of all cookies that the scan knows, which may stand in addresses and other headers too. */
  readonly cookieValues: Iterable<string>;
}

/** Prepares what is taken out of one HAR. */
export function harRedaction({
  scrub,
  redactCookieValue,
  secretHeaders,
  cookieValues,
}: RedactionOptions): HarRedaction {
  const replaceValues = redactCookieValue ? valueReplacer(cookieValues, redactCookieValue) : unchanged;
  const text = (value: string): string => replaceValues(scrub(value));
  const cookieValue = (value: string): string =>
    redactCookieValue ? (value === '' ? '' : redactCookieValue(value)) : scrub(value);

  return {
    text,
    header({ name, value }) {
      const lowerName = name.toLowerCase();
      if (CREDENTIAL_HEADERS.has(lowerName) || secretHeaders.has(lowerName)) return { name, value: REDACTED };
      if (redactCookieValue && lowerName === 'cookie')
        return {
          name,
          value: value
            .split(/; ?/)
            .map((pair) => withValue(pair, cookieValue))
            .join('; '),
        };
      if (redactCookieValue && lowerName === 'set-cookie') {
        const [pair = '', ...attributes] = value.split(';');
        return { name, value: scrub([withValue(pair, cookieValue), ...attributes].join(';')) };
      }
      return { name, value: text(value) };
    },
    cookie: (cookie) => ({ ...cookie, value: cookieValue(cookie.value) }),
  };
}

/** The same pair with another value; a pair without a name is all value, as browsers read it. */
function withValue(pair: string, change: (value: string) => string): string {
  const at = pair.indexOf('=');
  return `${pair.slice(0, at + 1)}${change(pair.slice(at + 1).trim())}`;
}

/** Replaces these values wherever they stand, also in the form they have in addresses. */
function valueReplacer(
  values: Iterable<string>,
  change: (value: string) => string,
): (text: string) => string {
  const replacements = new Map<string, string>();
  for (const value of values) {
    if (value.length < TELLING_LENGTH_MIN || replacements.size >= VALUES_MAX) continue;
    const replacement = change(value);
    for (const form of [value, encodeURIComponent(value.toWellFormed()), encodeURI(value.toWellFormed())])
      replacements.set(form, replacement);
  }
  if (replacements.size === 0) return unchanged;
  // The longest first, because a value may begin with another one.
  const forms = [...replacements.keys()].sort((a, b) => b.length - a.length).map(literalPattern);
  const pattern = new RegExp(forms.join('|'), 'g');
  return (text) => text.replace(pattern, (form) => replacements.get(form) ?? REDACTED);
}

function unchanged(text: string): string {
  return text;
}

/** Longest text kept of one string, in UTF-16 units; the rest is cut off. */
const TEXT_LENGTH_MAX = 8_192;

/** Stands in the log where something secret was. */
export const REDACTED = '[redacted]';

/** Secrets inside a text, and what is left of each. Every pattern runs in linear time. */
const PATTERNS: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  // user:password@ of a URL; a password may itself contain @
  [/:\/\/[^\s/?#]*@/g, `://${REDACTED}@`],
  [/\b(set-cookie|cookie|authorization)(\s*:\s*)[^\r\n]+/gi, `$1$2${REDACTED}`],
  [/\b(bearer|basic)(\s+)[\w+/.~=-]+/gi, `$1$2${REDACTED}`],
  [/\b(password|passwd|pwd|secret|token|api_?key)=[^\s&;,"']+/gi, `$1=${REDACTED}`],
];

/** `text` without the secrets that can be recognised in it, and cut to a length that a log can bear. */
export function scrubText(text: string): string {
  const isLong = text.length > TEXT_LENGTH_MAX;
  let scrubbed = isLong ? text.slice(0, TEXT_LENGTH_MAX) : text;
  for (const [pattern, replacement] of PATTERNS) scrubbed = scrubbed.replace(pattern, replacement);
  return isLong ? `${scrubbed}… (${text.length} characters)` : scrubbed;
}

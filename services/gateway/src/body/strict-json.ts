import { AppError } from '@cookie-scanner/errors';

const DEPTH_MAX = 32;

/**
 * Parses JSON more strictly than `JSON.parse`: two keys of one object must differ, and nesting is bounded.
 *
 * With equal keys, parsers disagree about which one counts; an attacker says one thing to the check and another to
 * whoever acts. Depth is checked before parsing, because deep values break whatever walks them later.
 *
 * @throws AppError JSON_INVALID
 */
export function parseStrictJson(text: string): unknown {
  checkStructure(text);
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the body, which may hold anything.
    throw invalid('The body is not valid JSON.');
  }
}

/** Keys of one open object; null for an open array. */
type OpenContainer = Set<string> | null;

function checkStructure(text: string): void {
  const open: OpenContainer[] = [];
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charAt(at)) {
      case '{':
        push(open, new Set());
        break;
      case '[':
        push(open, null);
        break;
      case '}':
      case ']':
        open.pop();
        break;
      case '"': {
        const end = endOfString(text, at);
        const keys = open.at(-1);
        if (keys && isFollowedByColon(text, end)) addKey(keys, text.slice(at, end));
        at = end - 1;
        break;
      }
    }
  }
}

function push(open: OpenContainer[], container: OpenContainer): void {
  open.push(container);
  if (open.length > DEPTH_MAX) throw invalid(`The body is nested more than ${DEPTH_MAX} levels deep.`);
}

/** Index after the closing quote of the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
  throw invalid('The body is not valid JSON.');
}

function isFollowedByColon(text: string, at: number): boolean {
  let next = at;
  while (/[ \t\r\n]/.test(text.charAt(next))) next += 1;
  return text[next] === ':';
}

/** Keys are compared as they are meant, so that `"a"` and its escaped spelling are equal. */
function addKey(keys: Set<string>, literal: string): void {
  let key: unknown;
  try {
    key = JSON.parse(literal);
  } catch {
    throw invalid('The body is not valid JSON.');
  }
  const name = String(key);
  if (keys.has(name)) throw invalid(`The body has the key ${JSON.stringify(name.slice(0, 100))} twice.`);
  keys.add(name);
}

function invalid(message: string): AppError {
  return new AppError('JSON_INVALID', message);
}

/** A piece of text; `isCode` pieces name characters that cannot be seen, such as `U+000D U+000A`. */
export interface VisiblePiece {
  readonly text: string;
  readonly isCode: boolean;
}

/**
 * Characters that show nothing, or that change how their neighbours are shown: controls, format characters with
 * all direction overrides, lone surrogates, unassigned and private ones, line separators, every space but the
 * ordinary one, and letters that are blank.
 *
 * @see https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
 */
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Cn}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\u2800]/u;

/** Nearly all text there is: printable ASCII without spaces at its ends. */
const ORDINARY = /^[!-~](?:[ -~]*[!-~])?$/;

/** More accents than this on one letter are piled up to cover the lines around it. */
const STACKED_MARKS = /(?<=\p{M}{3})\p{M}+/gu;

/**
 * Splits text of unknown origin into what can be shown as it is and what must be named, so that two texts that
 * differ also look different.
 */
export function visiblePieces(text: string): VisiblePiece[] {
  if (ORDINARY.test(text)) return [{ text, isCode: false }];
  const stacked = new Set(positionsOf(text, STACKED_MARKS));
  const isEdgeSpace = edgeSpaces(text);
  const pieces: VisiblePiece[] = [];
  let run: string[] = [];
  let isCode = false;
  let position = 0;
  const endRun = (): void => {
    if (run.length > 0) pieces.push({ text: isCode ? counted(run) : run.join(''), isCode });
    run = [];
  };

  for (const character of text) {
    const isNamed = UNSEEN.test(character) || stacked.has(position) || isEdgeSpace(position);
    if (isNamed !== isCode) endRun();
    isCode = isNamed;
    run.push(isNamed ? codeOf(character) : character);
    position += character.length;
  }
  endRun();
  return pieces;
}

/** Text of unknown origin where no markup can stand: what cannot be seen is named in brackets, such as `[U+202E]`. */
export function visibleText(text: string): string {
  return visiblePieces(text)
    .map((piece) => (piece.isCode ? `[${piece.text}]` : piece.text))
    .join('');
}

/** The first `lengthMax` characters, and how many there are in all when some were cut off. */
export function clipText(text: string, lengthMax: number): { shown: string; cutFrom: number | null } {
  if (text.length <= lengthMax) return { shown: text, cutFrom: null };
  const characters = Array.from(text);
  if (characters.length <= lengthMax) return { shown: text, cutFrom: null };
  return { shown: characters.slice(0, lengthMax).join(''), cutFrom: characters.length };
}

/** Tells ordinary spaces at either end, which nobody would notice, by their position. */
function edgeSpaces(text: string): (position: number) => boolean {
  let start = 0;
  while (text[start] === ' ') start += 1;
  let end = text.length;
  while (end > start && text[end - 1] === ' ') end -= 1;
  return (position) => position < start || position >= end;
}

function* positionsOf(text: string, pattern: RegExp): Generator<number> {
  for (const match of text.matchAll(pattern)) {
    for (let offset = 0; offset < match[0].length; offset += 1) yield match.index + offset;
  }
}

/** `U+200B U+202E ×4000`: a character that is repeated many times is named once, so that no text can flood a page. */
function counted(codes: readonly string[]): string {
  const named: string[] = [];
  for (let start = 0; start < codes.length;) {
    const code = codes[start] ?? '';
    let end = start + 1;
    while (codes[end] === code) end += 1;
    named.push(end - start === 1 ? code : `${code} ×${end - start}`);
    start = end;
  }
  return named.join(' ');
}

function codeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Characters that take two columns. */
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uff01-\uff60\u3000-\u303e]/u;

/**
 * Columns that a text takes on a terminal: most characters of East Asian scripts and emoji take two, accents none.
 *
 * @see https://www.unicode.org/reports/tr11/
 */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** Breaks a text into lines of at most `widthMax` columns, after a space where there is one. */
export function wrapText(text: string, widthMax: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const character of text) {
    if (textWidth(line) + characterWidth(character) > widthMax) {
      // A space at the very end of a line ends it by itself.
      if (character === ' ') {
        lines.push(line);
        line = '';
        continue;
      }
      const space = line.lastIndexOf(' ');
      lines.push(space > 0 ? line.slice(0, space) : line);
      line = space > 0 ? line.slice(space + 1) : '';
    }
    line += character;
  }
  return [...lines, line];
}

function characterWidth(character: string): number {
  if (/\p{M}/u.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

import { clipText, visiblePieces, visibleText } from '@cookie-scanner/analysis';
import Handlebars from 'handlebars';

/** Longest text in a cell of a table. */
const CELL_LENGTH_MAX = 96;

/** Longest text anywhere: as much as name and value of a cookie may have together. */
const TEXT_LENGTH_MAX = 4_096;

/**
 * The only ways by which text from a scanned site enters a page: `{{raw text}}` shows it whole, `{{brief text}}`
 * cut to the size of a table cell, `{{plain text}}` the same where no markup can stand. All escape it and name its
 * invisible characters; the first two also keep its writing direction from reaching the text around it.
 */
export const templateHelpers = {
  raw: (text: unknown) => asMarkup(text, TEXT_LENGTH_MAX),
  brief: (text: unknown) => asMarkup(text, CELL_LENGTH_MAX),
  plain: (text: unknown) => asPlainText(text),
};

/** True when a table cell cannot show the whole text. */
export function isLongText(text: string): boolean {
  return clipText(text, CELL_LENGTH_MAX).cutFrom !== null;
}

function asMarkup(value: unknown, lengthMax: number): Handlebars.SafeString {
  const text = asText(value);
  if (text === '') return new Handlebars.SafeString('<i class="empty">(empty)</i>');

  const { shown, cutFrom } = clipText(text, lengthMax);
  const pieces = visiblePieces(shown).map((piece) =>
    piece.isCode ? `<i class="code">${piece.text}</i>` : Handlebars.escapeExpression(piece.text),
  );
  const cut = cutFrom === null ? '' : `<i class="cut">… ${cutFrom.toLocaleString('en-GB')} characters</i>`;
  return new Handlebars.SafeString(`<bdi class="raw">${pieces.join('')}</bdi>${cut}`);
}

function asPlainText(value: unknown): string {
  const { shown, cutFrom } = clipText(asText(value), CELL_LENGTH_MAX);
  return visibleText(shown) + (cutFrom === null ? '' : '…');
}

/** A number or an object where a site's text should be is a mistake of the template. */
function asText(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`a report shows text, not ${typeof value}`);
  return value;
}

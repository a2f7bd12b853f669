const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DELIMITERS = /[\t\u0020-\u002f\u003b-\u0040\u005b-\u0060\u007b-\u007e]+/;

/**
 * Unix milliseconds of the `Expires` of a cookie; null for text that browsers cannot read, which makes a cookie
 * that lasts for the session.
 *
 * They look for a day, a month, a year and a time in any order, and take no notice of time zones. What they do not
 * read includes ISO dates, dates without a time, and `0` and `-1`, all of which the web is full of.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6265#section-5.1.1
 */
export function cookieDateMs(text: string): number | null {
  let month = -1;
  let clock: number[] | null = null;
  let day: number | null = null;
  let year: number | null = null;
  for (const token of text.split(DELIMITERS)) {
    if (token.includes(':'))
      clock ??= /^(\d{1,2}):(\d{1,2}):(\d{1,2})$/.exec(token)?.slice(1).map(Number) ?? null;
    else if (!/^\d/.test(token))
      month = month === -1 ? MONTHS.indexOf(token.slice(0, 3).toLowerCase()) : month;
    else if (day === null && token.length <= 2) day = Number.parseInt(token, 10);
    else if (year === null && token.length <= 5) year = Number.parseInt(token, 10);
  }
  if (day === null || year === null || clock === null || month === -1) return null;
  const [hours = 0, minutes = 0, seconds = 0] = clock;
  const date = new Date(Date.UTC(fullYear(year), month, day, hours, minutes, seconds));
  const isRealDate = date.getUTCDate() === day && hours < 24 && minutes < 60 && seconds < 60;
  return isRealDate ? date.getTime() : null;
}

function fullYear(year: number): number {
  if (year >= 100) return year;
  return year < 70 ? 2000 + year : 1900 + year;
}

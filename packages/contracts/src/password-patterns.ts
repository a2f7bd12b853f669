/**
 * Rows that fingers or minds run along: the alphabet, the digits, and the rows and columns of the common keyboards.
 */
const ROWS = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  '!@#$%^&*()',
  'qwertyuiop[]',
  'asdfghjkl;',
  'zxcvbnm,./',
  'qwertzuiopü',
  'asdfghjklöä',
  'yxcvbnm,.-',
  'azertyuiop',
  'qsdfghjklm',
  'wxcvbn',
  'йцукенгшщзхъ',
  'фывапролджэ',
  'ячсмитьбю',
  '1qaz',
  '2wsx',
  '3edc',
  '4rfv',
  '5tgb',
  '6yhn',
  '7ujm',
  '8ik,',
  '9ol.',
  '0p;/',
  '147258369',
];
const RUN_LENGTH_MIN = 3;
const REPEATED_PART_LENGTH_MAX = 4;

const lines = ROWS.flatMap((row) => [row, Array.from(row).reverse().join('')]);

/** True when the text is the same one to four characters again and again. */
export function isRepetition(text: string): boolean {
  const characters = Array.from(text);
  for (let length = 1; length <= REPEATED_PART_LENGTH_MAX && length * 2 <= characters.length; length += 1) {
    if (characters.every((character, index) => character === characters[index % length])) return true;
  }
  return false;
}

/**
 * True when the text, in lower case, consists of nothing but runs along the alphabet, the digits or the rows and
 * columns of a keyboard, forwards or backwards, such as `qwerty12345` or `1qaz2wsx`.
 */
export function isMadeOfRuns(text: string): boolean {
  /** Places that runs lead to from the beginning. */
  const reached = new Set([0]);
  for (let start = 0; start < text.length; start += 1) {
    if (!reached.has(start)) continue;
    const longest = longestRun(text.slice(start));
    for (let length = RUN_LENGTH_MIN; length <= longest; length += 1) reached.add(start + length);
  }
  return text !== '' && reached.has(text.length);
}

/** Length of the longest run that the text begins with. */
function longestRun(text: string): number {
  let longest = 0;
  for (const line of lines) {
    while (longest < text.length && line.includes(text.slice(0, longest + 1))) longest += 1;
  }
  return longest;
}

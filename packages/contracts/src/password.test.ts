import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { COMMON_PASSWORDS } from './common-passwords.ts';
import { enteredPasswordSchema, newPasswordSchema, passwordProblem } from './password.ts';
import { accepts, problemsOf } from './problems-of.test.helper.ts';
import { characterCount } from './text.ts';

const words = COMMON_PASSWORDS.split(' ');

describe('a new password', () => {
  it.each([
    ['eight letters', 'tmwqakvr'],
    ['a sentence', 'correct horse battery staple'],
    ['128 characters', 'ab3 '.repeat(31) + 'zqwx'],
    ['signs only', '%&!?)(=*'],
    ['letters of another script', 'гвоздикамолоток'],
    ['128 emoji, of two units each', '🍪🥐'.repeat(31) + '🍪🍪🥐🥐🍪🥨🍞'.repeat(9) + '🥨🥨🥨'],
  ])('may be %s', (_what, password) => {
    expect(problemsOf(newPasswordSchema, password)).toEqual([]);
  });

  it.each([
    ['has fewer than 8 characters', 'tmwqakv'],
    ['has fewer than 8 characters', '🍪🥐🍞🥨🥖🫓🧀'],
    ['has more than 128 characters', 'ab3 '.repeat(32) + 'z'],
    ['repeats the same few characters', 'aaaaaaaaaaaa'],
    ['repeats the same few characters', 'ABabABab'],
    ['is a row of neighbouring keys, letters or digits', 'qwertyuiop'],
    ['is a row of neighbouring keys, letters or digits', '12345678901234'],
    ['is a row of neighbouring keys, letters or digits', 'QwErTy12345'],
    ['is a row of neighbouring keys, letters or digits', 'abcdefgh1!'],
    ['is one of the most common passwords', 'password'],
    ['is one of the most common passwords', 'PASSWORD'],
    ['is one of the most common passwords', 'Password1!'],
    ['is one of the most common passwords', '!!dragon!!'],
    ['is one of the most common passwords', 'iloveyou'],
    ['is one of the most common passwords', 'trustno1'],
    ['is made of your name, your mail address or the name of this product', 'cookie-scanner1'],
    ['is empty', ''],
    ['is too long', 'x'.repeat(10_000_000)],
    ['contains control characters or half of a character', 'tmwq\u0000akvr'],
    ['contains control characters or half of a character', 'tmwq\r\nakvr'],
    ['contains control characters or half of a character', 'tmwqakvr\ud800'],
  ])('that %s is refused: %.40s', (problem, password) => {
    expect(problemsOf(newPasswordSchema, password)).toEqual([`: ${problem}`]);
  });

  it('is the same whether it is typed composed or decomposed, in wide or in narrow letters', () => {
    expect(newPasswordSchema.parse('cafe\u0301 au lait')).toBe(newPasswordSchema.parse('caf\u00e9 au lait'));
    expect(newPasswordSchema.parse('ｔｍｗｑａｋｖｒ')).toBe('tmwqakvr');
    expect(accepts(newPasswordSchema, 'ｐａｓｓｗｏｒｄ')).toBe(false);
  });

  it.each([
    ['ann.miller', { email: 'ann.miller@example.com' }],
    ['ann.miller@example.com', { email: 'ann.miller@example.com' }],
    ['Millerova-2024', { name: 'Ann Millerova' }],
    ['2024!example', { email: 'ann@example.com' }],
    ['MÜLLER1999', { name: 'Eva Müller' }],
  ])('is not the name of its owner: %s', (password, owner) => {
    expect(passwordProblem(password, owner)).toMatch(/your name/);
  });

  it('may mention the name of its owner among enough else', () => {
    expect(passwordProblem('Miller brews black tea', { name: 'Ann Miller' })).toBeNull();
    expect(passwordProblem('tmwqakvr', { name: 'Al', email: 'a@b.example.com' })).toBeNull();
  });

  it('is accepted only within its bounds, whatever comes, and in a form that stays as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 140 }), (input) => {
        const { data } = newPasswordSchema.safeParse(input);
        if (data === undefined) return;
        expect(characterCount(data)).toBeGreaterThanOrEqual(8);
        expect(characterCount(data)).toBeLessThanOrEqual(128);
        expect(newPasswordSchema.parse(data)).toBe(data);
      }),
    );
  });
});

describe('the list of common passwords', () => {
  it('has at least 3,000 that are long enough to be chosen, and refuses each of them', () => {
    const choosable = words.filter((word) => word.length >= 8);
    expect(choosable.length).toBeGreaterThanOrEqual(3_000);
    expect(choosable.filter((word) => passwordProblem(word) === null)).toEqual([]);
  });

  it('is in lower case and names nothing twice', () => {
    expect(words.filter((word) => word !== word.toLowerCase())).toEqual([]);
    expect(new Set(words).size).toBe(words.length);
  });
});

describe('an entered password', () => {
  it('is not judged, so that old ones keep working', () => {
    expect(enteredPasswordSchema.parse('password')).toBe('password');
    expect(accepts(enteredPasswordSchema, 'x'.repeat(129))).toBe(true);
  });
});

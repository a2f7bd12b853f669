import { describe, expect, it } from '@jest/globals';
import { isMadeOfRuns, isRepetition } from './password-patterns.ts';

describe('a run', () => {
  it.each([
    'abcdefgh',
    'zyxwvuts',
    '12345678',
    '0987654321',
    'qwertyuiop',
    'qwertzuiop',
    'mnbvcxz',
    'йцукенгш',
  ])('goes along one row: %s', (text) => {
    expect(isMadeOfRuns(text)).toBe(true);
  });

  it.each(['qwerty12345', '1qaz2wsx', '123qweasdzxc', 'abc123abc123', '1qazxcvb'])(
    'may follow another: %s',
    (text) => {
      expect(isMadeOfRuns(text)).toBe(true);
    },
  );

  it.each(['', 'ab', 'abcdefgh1', 'qwertyx', 'house', 'abandon', '19840312'])('is not %j', (text) => {
    expect(isMadeOfRuns(text)).toBe(false);
  });
});

describe('a repetition', () => {
  it.each(['aaaaaaaa', 'abababab', 'xyzxyzxy', '1a2b1a2b', '🍪🍪🍪🍪🍪🍪🍪🍪'])('is %s', (text) => {
    expect(isRepetition(text)).toBe(true);
  });

  it.each(['', 'a', 'aaaaaaab', 'abcdeabcde'])('is not %j', (text) => {
    expect(isRepetition(text)).toBe(false);
  });
});

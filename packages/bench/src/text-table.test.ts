import { describe, expect, it } from '@jest/globals';
import { textTable } from './text-table.ts';

describe('a table of text', () => {
  it('lines columns up, with numbers to the right', () => {
    const table = textTable([
      ['query', 'rows'],
      ['schedules due', 5],
      ['cookies', 1_000],
    ]);
    expect(table.split('\n')).toEqual([
      'query          rows',
      '-------------  ----',
      'schedules due     5',
      'cookies        1000',
    ]);
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cronSchema } from './cron.ts';
import { accepts, problemsOf } from './problems-of.test.helper.ts';

describe('a cron expression', () => {
  it.each([
    ['30 6 * * 1', '30 6 * * 1'],
    ['  */5   *\t* * *  ', '*/5 * * * *'],
    ['0 0 29 2 *', '0 0 29 2 *'],
    ['0 0 L * *', '0 0 L * *'],
    ['0 9 * * MON-FRI', '0 9 * * MON-FRI'],
    ['0 9 * jan,jul 1#1', '0 9 * jan,jul 1#1'],
    ['0,30 8-18/2 1 * *', '0,30 8-18/2 1 * *'],
    ['0 0 31 2 MON', '0 0 31 2 MON'],
  ])('is accepted: %j', (text, expected) => {
    expect(cronSchema.parse(text)).toBe(expected);
  });

  it.each([
    ['every second', '* * * * * *', /five fields/],
    ['seven fields', '0 0 0 1 1 * 2030', /five fields/],
    ['four fields', '0 0 * *', /five fields/],
    ['nothing', '', /five fields/],
    ['spaces', '   ', /five fields/],
    ['a nickname', '@reboot', /five fields/],
    ['another nickname', '@daily', /five fields/],
    ['a thousand characters', '0 '.repeat(500), /more than 120/],
    ['values out of range', '99 99 * * *', /out of its range/],
    ['month 13', '0 0 1 13 *', /out of its range/],
    ['words', 'every day at noon please', /out of its range/],
    ['a negative step', '*/-1 * * * *', /out of its range/],
    ['a step of zero', '*/0 * * * *', /out of its range/],
    ['30 February', '0 0 30 2 *', /never comes/],
    ['31 April', '0 0 31 4,6,9,11 *', /never comes/],
    ['every minute', '* * * * *', /more often/],
    ['every minute in other words', '*/1 * * * *', /more often/],
    ['two minutes side by side', '0,1 0 1 1 *', /more often/],
    ['two minutes around the full hour', '0,58 0,1 * * *', /more often/],
    ['two minutes around midnight', '1,59 0,23 * * *', /more often/],
    ['the time of asking', '? ? * * *', /five fields/],
    ['the nearest weekday', '0 0 15W * *', /W is not supported/],
    ['a line break', '0 0 * *\n*', /five fields/],
    ['a NUL', '0 0 * * *\u0000', /five fields/],
    ['digits of another script', '٠ 0 * * *', /five fields/],
    ['something else than text', 5, /expected string/],
  ])('is refused when it names %s: %.30j', (_what, text, reason) => {
    const problems = problemsOf(cronSchema, text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(reason);
  });

  it('is judged without an exception, whatever comes', () => {
    const field = fc.string({
      unit: fc.constantFrom(...Array.from('0123456789*/,-#LWsun?')),
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(fc.array(field, { minLength: 4, maxLength: 6 }), (fields) => {
        expect(typeof accepts(cronSchema, fields.join(' '))).toBe('boolean');
      }),
      { numRuns: 60 },
    );
  });
});

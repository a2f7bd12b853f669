import { describe, expect, it } from '@jest/globals';
import { accepts } from './problems-of.test.helper.ts';
import { timeZoneSchema } from './time-zone.ts';

describe('a time zone', () => {
  it.each([
    'UTC',
    'Europe/Berlin',
    'America/Argentina/Buenos_Aires',
    'Etc/GMT+5',
    'Asia/Kolkata',
    'Asia/Calcutta',
  ])('is %s', (name) => {
    expect(timeZoneSchema.parse(name)).toBe(name);
  });

  it.each([
    '',
    'Mars/X',
    'UTC+25',
    'UTC+2',
    '+02:00',
    'Berlin',
    'Europe/',
    '../etc/passwd',
    ' UTC',
    'UTC\n',
    'x'.repeat(65),
    0,
    null,
  ])('is not %j', (name) => {
    expect(accepts(timeZoneSchema, name)).toBe(false);
  });

  it('is every one that this platform lists', () => {
    const unknown = Intl.supportedValuesOf('timeZone').filter((name) => !accepts(timeZoneSchema, name));
    expect(unknown).toEqual([]);
  });
});

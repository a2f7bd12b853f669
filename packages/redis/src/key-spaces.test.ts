import { describe, expect, it } from '@jest/globals';
import { KEY_SPACES, keyName, lifetimesWith } from './key-spaces.ts';

describe('KEY_SPACES', () => {
  it('has every family of keys with its lifetime', () => {
    const lifetimes = Object.fromEntries(
      Object.entries(KEY_SPACES).map(([name, { lifetimeSeconds }]) => [name, lifetimeSeconds]),
    );

    expect(lifetimes).toEqual({
      rate_limit: 60,
      scan_result: 300,
      'analytics:metrics': 3_600,
      'analytics:trends': 3_600,
      'user:preferences': 1_800,
      active_scan: 3_600,
      lock: 60,
      session: 86_400,
      presence: 30,
      live_ticket: 30,
      'annotation:gene': 604_800,
      'annotation:pathway': 604_800,
      'literature:paper': 2_592_000,
    });
  });
});

describe('keyName', () => {
  it('begins with the installation, then the family', () => {
    expect(keyName('installation', 'analytics:metrics', 'id')).toBe('installation:analytics:metrics:id');
  });

  it.each([
    ['a:b', 'p:lock:a%3Ab'],
    ['*?[{', 'p:lock:%2A%3F%5B%7B'],
    ['nul\0 line\n', 'p:lock:nul%00%20line%0A'],
    ['100%', 'p:lock:100%25'],
    ['ключ 🔑', 'p:lock:%D0%BA%D0%BB%D1%8E%D1%87%20%F0%9F%94%91'],
  ])('keeps %j apart from every other id', (id, key) => {
    expect(keyName('p', 'lock', id)).toBe(key);
  });

  it('does not mix up parts that look alike when put together', () => {
    expect(keyName('p', 'lock', 'a:b', 'c')).not.toBe(keyName('p', 'lock', 'a', 'b:c'));
  });

  it('takes an id of 4,096 bytes', () => {
    expect(keyName('p', 'lock', 'x'.repeat(4_096))).toHaveLength('p:lock:'.length + 4_096);
  });

  it.each([
    ['is empty', ''],
    ['holds half a character', 'left \ud800'],
    ['holds half a character', '\udfff right'],
    ['is 4097 bytes long', 'x'.repeat(4_097)],
    ['is 4098 bytes long', 'ü'.repeat(2_049)],
  ])('refuses an id that %s', (reason, id) => {
    expect(() => keyName('p', 'lock', id)).toThrow(reason);
  });
});

describe('lifetimesWith', () => {
  it('takes the lifetimes of the settings and the others from the table', () => {
    expect(lifetimesWith({ scan_result: 5 })).toMatchObject({ scan_result: 5, lock: 60 });
  });

  it.each([0, -1, 1.5, Number.NaN, Infinity])('refuses a lifetime of %d', (seconds) => {
    expect(() => lifetimesWith({ session: seconds })).toThrow('the lifetime of session');
  });
});

import { describe, expect, it } from '@jest/globals';
import { harRedaction } from './har-redaction.ts';

const NONE: ReadonlySet<string> = new Set();

const hidden = (cookieValues: string[]) =>
  harRedaction({
    scrub: (text) => text,
    redactCookieValue: (value) => `#${value.length}`,
    secretHeaders: NONE,
    cookieValues,
  });

describe('redaction of a HAR', () => {
  it.each(['Authorization', 'proxy-authorization'])('takes the value of %s out in any case', (name) => {
    const kept = harRedaction({
      scrub: (text) => text,
      redactCookieValue: null,
      secretHeaders: NONE,
      cookieValues: [],
    });
    expect(kept.header({ name, value: 'Basic dTpw' })).toEqual({ name, value: '[redacted]' });
  });

  it('takes the value of a header out that the scan was told to send', () => {
    const redaction = harRedaction({
      scrub: (text) => text,
      redactCookieValue: null,
      secretHeaders: new Set(['x-staging']),
      cookieValues: [],
    });
    expect(redaction.header({ name: 'X-Staging', value: 'a' })).toEqual({
      name: 'X-Staging',
      value: '[redacted]',
    });
  });

  it('changes values of cookies and leaves their names and attributes', () => {
    const redaction = hidden([]);
    const header = (name: string, value: string) => redaction.header({ name, value }).value;
    expect(header('Cookie', 'a=12; b=; valueonly; c=1=2')).toBe('a=#2; b=; #9; c=#3');
    expect(header('Set-Cookie', 'a=secret; Path=/; HttpOnly')).toBe('a=#6; Path=/; HttpOnly');
    expect(redaction.cookie({ name: 'a', value: 'secret', httpOnly: true, secure: false }).value).toBe('#6');
  });

  it('finds telling values in other texts too, in the form that addresses have, the longest first', () => {
    const redaction = hidden(['long/value=1', 'long/value=1-and-more', 'short', '$(.*)+$^']);
    expect(redaction.text('https://a.test/?a=long/value=1-and-more&b=long%2Fvalue%3D1&c=short')).toBe(
      'https://a.test/?a=#21&b=#12&c=short',
    );
    expect(redaction.text('x $(.*)+$^ y')).toBe('x #8 y');
  });

  it('gives every text to whoever knows secrets', () => {
    const scrub = (text: string): string => text.replaceAll('hunter2', '***');
    const redaction = harRedaction({ scrub, redactCookieValue: null, secretHeaders: NONE, cookieValues: [] });
    expect(redaction.text('https://a.test/?p=hunter2')).toBe('https://a.test/?p=***');
    expect(redaction.header({ name: 'x-pass', value: 'hunter2' }).value).toBe('***');
    expect(redaction.cookie({ name: 'a', value: 'hunter2', httpOnly: true, secure: true }).value).toBe('***');
  });
});

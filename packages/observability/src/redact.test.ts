import { AppError } from '@cookie-scanner/errors';
import { describe, expect, it } from '@jest/globals';
import { redact } from './redact.ts';

/** Plain objects again, because a redacted one has no prototype. */
const redacted = (value: unknown): unknown => JSON.parse(JSON.stringify(redact(value)));

describe('redact', () => {
  it.each([
    'password',
    'smtpPassword',
    'token',
    'refresh_token',
    'secret',
    'clientSecret',
    'Authorization',
    'Proxy-Authorization',
    'cookie',
    'Set-Cookie',
    'value',
    'values',
    'smtpUrl',
    'SMTP_URL',
    'DATABASE_URL',
    'databaseUrl',
    'REDIS_URL',
    'apiKey',
    'x-api-key',
    'valueHashKey',
    'credentials',
  ])('hides what stands under %s, at any depth', (key) => {
    expect(redacted({ a: [{ [key]: 'canary' }], [key]: ['canary'] })).toEqual({
      a: [{ [key]: '[redacted]' }],
      [key]: '[redacted]',
    });
  });

  it('keeps what only sounds similar', () => {
    const fields = { cookies: 3, cookieCount: 3, valueHash: 'ab12', cookieName: 'id', valuesKept: false };
    expect(redacted(fields)).toEqual(fields);
  });

  it('hides a cookie header under the name of the counter', () => {
    expect(redacted({ cookies: 'a=canary' })).toEqual({ cookies: '[redacted]' });
  });

  it.each([
    ['postgresql://user:canary@db/name', 'postgresql://[redacted]@db/name'],
    [
      'redis://:can@ary@127.0.0.1:6379/0 and https://x.example/a@b',
      'redis://[redacted]@127.0.0.1:6379/0 and https://x.example/a@b',
    ],
    ['GET / Cookie: a=canary; b=canary', 'GET / Cookie: [redacted]'],
    ['set-cookie: a=canary\r\nServer: x', 'set-cookie: [redacted]\r\nServer: x'],
    ['sent Bearer canary.canary', 'sent Bearer [redacted]'],
    ['host=db password=canary user=x', 'host=db password=[redacted] user=x'],
  ])('hides secrets inside a text: %s', (text, expected) => {
    expect(redact(text)).toBe(expected);
    expect(redacted(new Error(text))).toMatchObject({ message: expected });
    expect(JSON.stringify(redact(new Error(text)))).not.toContain('canary');
  });

  it('keeps what an error says, down to its causes', () => {
    const root = Object.assign(new Error('refused'), { code: 'ECONNREFUSED', port: 5432 });
    const error = new AppError(
      'DATABASE_UNAVAILABLE',
      'no database',
      { scanId: 'x', token: 'canary' },
      { cause: root },
    );
    const copy = redacted({ error }) as { error: Record<string, unknown> };
    expect(copy.error).toMatchObject({
      name: 'AppError',
      code: 'DATABASE_UNAVAILABLE',
      message: 'no database',
      details: { scanId: 'x', token: '[redacted]' },
      cause: { name: 'Error', code: 'ECONNREFUSED', message: 'refused', port: 5432 },
    });
    expect(copy.error['stack']).toContain('redact.test');
    expect(copy.error['rule']).toBeUndefined();
  });

  it('keeps the parts of an AggregateError', () => {
    const copy = redacted(new AggregateError([new Error('one'), new Error('two')], 'both'));
    expect(copy).toMatchObject({ message: 'both', errors: [{ message: 'one' }, { message: 'two' }] });
  });

  it('survives cycles and shows a shared object twice', () => {
    const shared = { a: 1 };
    const fields: Record<string, unknown> = { first: shared, second: shared };
    fields['self'] = fields;
    expect(redacted(fields)).toEqual({ first: { a: 1 }, second: { a: 1 }, self: '[circular]' });
  });

  it('survives an error that is its own cause', () => {
    const error = new Error('loop');
    error.cause = error;
    expect(redacted(error)).toMatchObject({ cause: '[circular]' });
  });

  it('survives a getter and a proxy that throw', () => {
    const trap = {
      get broken(): never {
        throw new Error('no');
      },
    };
    expect(redacted({ trap })).toEqual({ trap: { broken: '[unreadable]' } });
    const refuse = (): never => {
      throw new Error('no');
    };
    const proxy = new Proxy({}, { ownKeys: refuse, getPrototypeOf: refuse });
    expect(redacted({ proxy, kept: 1 })).toEqual({ proxy: '[unreadable]', kept: 1 });
    expect(redact(proxy)).toBe('[unreadable]');
  });

  it('does not call toJSON, which could hide or throw anything', () => {
    const thing = { kept: 1, toJSON: () => ({ other: 2 }) };
    expect(redacted({ thing })).toEqual({ thing: { kept: 1, toJSON: '[function]' } });
  });

  it('writes values that JSON does not know', () => {
    expect(
      redacted({
        map: new Map([['password', 'canary']]),
        set: new Set([1]),
        date: new Date(0),
        url: new URL('https://u:canary@x.example/'),
        bytes: Buffer.from('canary'),
        big: 10n,
        infinite: Infinity,
        nothing: undefined,
        pattern: /x/,
      }),
    ).toEqual({
      map: { password: '[redacted]' },
      set: [1],
      date: '1970-01-01T00:00:00.000Z',
      url: 'https://[redacted]@x.example/',
      bytes: '[6 bytes]',
      big: '10',
      infinite: 'Infinity',
      pattern: '/x/',
    });
  });

  it('does not let a key named __proto__ change the copy', () => {
    const copy = redact(JSON.parse('{"__proto__":{"admin":true}}')) as Record<string, unknown>;
    expect(copy['admin']).toBeUndefined();
    expect(Object.keys(copy)).toEqual(['__proto__']);
  });

  it('bounds size: long texts, long lists, wide objects, deep and huge trees', () => {
    expect(redact('x'.repeat(1_000_000))).toHaveLength(8_192 + '… (1000000 characters)'.length);
    expect(redact(Array.from({ length: 101 }, () => 1))).toHaveLength(101);
    expect((redact(Array.from({ length: 5_000 }, () => 1)) as unknown[]).at(-1)).toBe('[4900 more]');
    expect(
      Object.keys(redact(Object.fromEntries(Array.from({ length: 500 }, (_, n) => [n, n]))) as object),
    ).toHaveLength(101);
    const deep = JSON.parse('{"a":'.repeat(1_000) + '1' + '}'.repeat(1_000)) as unknown;
    expect(JSON.stringify(redact(deep))).toContain('[too deep]');
    const tree = Array.from({ length: 100 }, () =>
      Array.from({ length: 100 }, () => Array.from({ length: 100 }, () => 'x')),
    );
    expect(JSON.stringify(redact(tree)).length).toBeLessThan(50_000);
  });
});

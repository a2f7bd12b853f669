import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { expectProblem } from './testing/problem-body.ts';
import { sendRaw } from './testing/raw-http.ts';
import { useTestGateway } from './testing/use-test-gateway.ts';

const used = useTestGateway();

const JSON_TYPE = { 'Content-Type': 'application/json' };
const GOOD_BODY = '{"url":"https://shop.example/"}';

const post = (body: string | Uint8Array, headers: Record<string, string> = JSON_TYPE) =>
  sendRaw(used.gateway, { method: 'POST', path: '/api/v1/scans', headers, body });

describe('bodies that are refused', () => {
  const deep = (levels: number) => `{"url":${'['.repeat(levels)}${']'.repeat(levels)}}`;
  const table: [string, number, string, string | Uint8Array, Record<string, string>?][] = [
    ['malformed JSON', 400, 'JSON_INVALID', '{"url":'],
    ['an empty body', 400, 'JSON_INVALID', ''],
    ['an empty body with length 0', 400, 'JSON_INVALID', '', { ...JSON_TYPE, 'Content-Length': '0' }],
    ['null', 422, 'INPUT_INVALID', 'null'],
    ['a text', 422, 'INPUT_INVALID', '"x"'],
    ['a number', 422, 'INPUT_INVALID', '1'],
    ['an array', 422, 'INPUT_INVALID', '[]'],
    ['no fields', 422, 'INPUT_INVALID', '{}'],
    ['no content type', 415, 'MEDIA_TYPE_UNSUPPORTED', GOOD_BODY, {}],
    ['nothing at all', 415, 'MEDIA_TYPE_UNSUPPORTED', '', {}],
    ['text/plain', 415, 'MEDIA_TYPE_UNSUPPORTED', GOOD_BODY, { 'Content-Type': 'text/plain' }],
    [
      'a form',
      415,
      'MEDIA_TYPE_UNSUPPORTED',
      'url=x',
      { 'Content-Type': 'application/x-www-form-urlencoded' },
    ],
    [
      'multipart',
      415,
      'MEDIA_TYPE_UNSUPPORTED',
      GOOD_BODY,
      { 'Content-Type': 'multipart/form-data; boundary=x' },
    ],
    ['XML', 415, 'MEDIA_TYPE_UNSUPPORTED', '<a/>', { 'Content-Type': 'application/xml' }],
    [
      'UTF-7',
      415,
      'MEDIA_TYPE_UNSUPPORTED',
      GOOD_BODY,
      { 'Content-Type': 'application/json; charset=utf-7' },
    ],
    [
      'Latin-1',
      415,
      'MEDIA_TYPE_UNSUPPORTED',
      GOOD_BODY,
      { 'Content-Type': 'application/json; charset=latin1' },
    ],
    [
      'UTF-16',
      415,
      'MEDIA_TYPE_UNSUPPORTED',
      GOOD_BODY,
      { 'Content-Type': 'application/json; charset=utf-16' },
    ],
    [
      'two charsets',
      415,
      'MEDIA_TYPE_UNSUPPORTED',
      GOOD_BODY,
      { 'Content-Type': 'application/json; charset=utf-8; charset=utf-7' },
    ],
    ['bytes that are not UTF-8', 400, 'JSON_INVALID', Buffer.from('{"url":"\xff\xfe"}', 'latin1')],
    ['5 MB', 413, 'BODY_TOO_LARGE', JSON.stringify({ url: 'x'.repeat(5_000_000) })],
    [
      '100,000 keys',
      413,
      'BODY_TOO_LARGE',
      JSON.stringify(Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [n, 1]))),
    ],
    [
      '6,000 keys',
      422,
      'INPUT_INVALID',
      `{${Array.from({ length: 6_000 }, (_, n) => `"${n}":1`).join(',')}}`,
    ],
    [
      'a gzip bomb',
      413,
      'BODY_TOO_LARGE',
      gzipSync(Buffer.alloc(50_000_000)),
      { ...JSON_TYPE, 'Content-Encoding': 'gzip' },
    ],
    ['bytes that are not gzip', 400, 'JSON_INVALID', GOOD_BODY, { ...JSON_TYPE, 'Content-Encoding': 'gzip' }],
    [
      'half a gzip',
      400,
      'JSON_INVALID',
      gzipSync(GOOD_BODY).subarray(0, 20),
      { ...JSON_TYPE, 'Content-Encoding': 'gzip' },
    ],
    ['brotli', 415, 'MEDIA_TYPE_UNSUPPORTED', GOOD_BODY, { ...JSON_TYPE, 'Content-Encoding': 'br' }],
    [
      'an unknown encoding',
      415,
      'MEDIA_TYPE_UNSUPPORTED',
      GOOD_BODY,
      { ...JSON_TYPE, 'Content-Encoding': 'bogus' },
    ],
    [
      'gzip in gzip',
      415,
      'MEDIA_TYPE_UNSUPPORTED',
      GOOD_BODY,
      { ...JSON_TYPE, 'Content-Encoding': 'gzip, gzip' },
    ],
    ['20,000 levels', 400, 'JSON_INVALID', deep(20_000)],
    ['33 levels', 400, 'JSON_INVALID', deep(32)],
    ['31 levels of the wrong thing', 422, 'INPUT_INVALID', deep(30)],
    ['a key twice', 400, 'JSON_INVALID', '{"url":"https://a.example/","url":"https://b.example/"}'],
    [
      'a key twice, once escaped',
      400,
      'JSON_INVALID',
      '{"url":"https://a.example/", "\\u0075rl" : "https://b.example/"}',
    ],
    ['__proto__', 422, 'INPUT_INVALID', '{"url":"https://a.example/","__proto__":{"admin":true}}'],
    [
      'constructor.prototype',
      422,
      'INPUT_INVALID',
      '{"url":"https://a.example/","constructor":{"prototype":{"admin":true}}}',
    ],
    ['an unknown key', 422, 'INPUT_INVALID', '{"url":"https://a.example/","role":"Admin"}'],
    ['a huge integer', 422, 'INPUT_INVALID', '{"url":"https://a.example/","timeoutMs":12345678901234567890}'],
    ['an infinite number', 422, 'INPUT_INVALID', '{"url":"https://a.example/","timeoutMs":1e999}'],
    ['a fraction', 422, 'INPUT_INVALID', '{"url":"https://a.example/","timeoutMs":6000.5}'],
    ['a number as text', 422, 'INPUT_INVALID', '{"url":"https://a.example/","timeoutMs":"60000"}'],
    ['an unknown mode', 422, 'INPUT_INVALID', '{"url":"https://a.example/","mode":"everything"}'],
    ['a URL that is no text', 422, 'INPUT_INVALID', '{"url":{"href":"https://a.example/"}}'],
    ['something after the JSON', 400, 'JSON_INVALID', `${GOOD_BODY} x`],
    ['two JSON texts', 400, 'JSON_INVALID', `${GOOD_BODY}${GOOD_BODY}`],
    ['a comment', 400, 'JSON_INVALID', `/* x */ ${GOOD_BODY}`],
    ['a trailing comma', 400, 'JSON_INVALID', '{"url":"https://a.example/",}'],
    ['an unfinished text', 400, 'JSON_INVALID', '{"url":"https://a.example/'],
    ['half a surrogate pair', 422, 'INPUT_INVALID', '{"url":"https://a.example/\\ud800"}'],
    ['half a surrogate pair in a key', 422, 'INPUT_INVALID', '{"url":"https://a.example/","\\ud800":1}'],
    ['NUL', 422, 'INPUT_INVALID', '{"url":"https://a.example/\\u0000"}'],
  ];

  it.each(table)('%s: %d %s', async (_, status, code, body, headers = JSON_TYPE) => {
    const answer = await post(body, headers);
    expect([answer.status, expectProblem(answer).code]).toEqual([status, code]);
  });

  it('names each field that is wrong, and never what was in it', async () => {
    const answer = await post('{"url":"","mode":"canary","timeoutMs":1}');
    const problem = expectProblem(answer);
    expect(problem.errors?.map(({ pointer }) => pointer).sort()).toEqual(['#/mode', '#/timeoutMs', '#/url']);
    expect(answer.body).not.toContain('canary');
  });

  it('5 MB: the client is told, although it is still sending', async () => {
    const answer = await used.gateway.fetch(`/scans`, {
      method: 'POST',
      headers: JSON_TYPE,
      body: 'x'.repeat(5_000_000),
    });
    expect(answer.status).toBe(413);
  });

  it('leave Object.prototype as it was', () => {
    expect('admin' in {}).toBe(false);
  });

  it('leave no row behind', async () => {
    const [row] = await used.database.sql<{ count: string }>('SELECT count(*) FROM scan_results');
    expect(row?.count).toBe('0');
  });
});

describe('bodies that are accepted', () => {
  it.each([
    ['plain JSON', GOOD_BODY, JSON_TYPE],
    ['a charset', GOOD_BODY, { 'Content-Type': 'Application/JSON; Charset="UTF-8"' }],
    ['a byte order mark', `\ufeff${GOOD_BODY}`, JSON_TYPE],
    ['gzip', gzipSync(GOOD_BODY), { ...JSON_TYPE, 'Content-Encoding': 'GZIP' }],
    ['white space', `\n\t ${GOOD_BODY} \r\n`, JSON_TYPE],
    ['Expect: 100-continue', GOOD_BODY, { ...JSON_TYPE, Expect: '100-continue' }],
    ['any Accept', GOOD_BODY, { ...JSON_TYPE, Accept: 'application/xml' }],
  ])('%s', async (_, body, headers) => {
    const answer = await post(body, headers);
    expect(answer.status).toBe(202);
  });
});

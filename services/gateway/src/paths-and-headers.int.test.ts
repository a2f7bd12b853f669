import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { expectProblem } from './testing/problem-body.ts';
import { sendRaw } from './testing/raw-http.ts';
import { useTestGateway } from './testing/use-test-gateway.ts';

const used = useTestGateway();

describe('paths', () => {
  it.each<[string, number, string?]>([
    ['/', 404],
    ['/api', 404],
    ['/api/v1', 404],
    ['/api/v1/', 404],
    ['/api/v1/nothing', 404],
    ['/api/v1/scans/', 404],
    ['//api//v1//scans', 404],
    ['/API/V1/openapi.json', 404],
    ['/api/v1/openapi.json/', 404],
    ['/api/v1/../../etc/passwd', 404],
    ['/api/v1/%2e%2e/%2e%2e/etc/passwd', 404],
    ['/api/v1/scans/abc', 404],
    ['/api/v1/scans/1', 404],
    ['/api/v1/scans/-1', 404],
    ['/api/v1/scans/1e9', 404],
    ['/api/v1/scans/%00', 400],
    ['/api/v1/scans/a%00b', 400],
    ['/api/v1/scans/%E0%A4%A', 400],
    ['/api/v1/scans/%FF', 400],
    ['/api/v1/scans/..%2f..%2fx', 404],
    [`/api/v1/scans/{${randomUUID()}}`, 404],
    [`/api/v1/scans/${'0'.repeat(36)}`, 404],
    ['/api/v1/scans/00000000-0000-0000-0000-000000000000', 404],
    [`/api/v1/scans/${randomUUID()}`, 404],
    ['/api/v1/scans/a8098c1a-f86e-11da-bd1a-00112444be1e', 404],
    ['a path with 10,000 letters', 404, `/api/v1/scans/${'a'.repeat(10_000)}`],
    [`/api/v1/scans/${randomUUID()}%20`, 404],
    [`/api/v1/scans/${randomUUID()}/reports/..%2f..%2fx`, 404],
    [`/api/v1/scans/${randomUUID()}/reports/con`, 404],
    [`/api/v1/scans/${randomUUID()}/reports/a%5Cb`, 404],
    [`/api/v1/scans/${randomUUID()}/reports/toString`, 404],
    ['/constructor', 404],
    ['/__proto__', 404],
  ])('%s: %d', async (name, status, path = name) => {
    const answer = await sendRaw(used.gateway, { path });
    expect(answer.status).toBe(status);
    expectProblem(answer);
  });

  it('gives the same answer for an id that cannot be and for one that is not', async () => {
    const headers = { 'X-Request-Id': 'the-same-id' };
    const [impossible, absent] = await Promise.all(
      ['abc', randomUUID()].map((id) => sendRaw(used.gateway, { path: `/api/v1/scans/${id}`, headers })),
    );
    expect(impossible?.body).toBe(absent?.body);
  });
});

describe('methods', () => {
  const id = randomUUID();
  it.each([
    ['GET', '/api/v1/auth/login', 'POST, OPTIONS'],
    ['PUT', '/api/v1/scans', 'POST, GET, HEAD, OPTIONS'],
    ['PUT', `/api/v1/scans/${id}`, 'GET, DELETE, HEAD, OPTIONS'],
    ['PATCH', `/api/v1/scans/${id}/cookies`, 'GET, HEAD, OPTIONS'],
    ['POST', `/api/v1/scans/${id}/events`, 'GET, HEAD, OPTIONS'],
    ['POST', '/api/v1/openapi.json', 'GET, HEAD, OPTIONS'],
    ['PROPFIND', '/api/v1/openapi.json', 'GET, HEAD, OPTIONS'],
  ])('%s %s: 405, and says what is allowed', async (method, path, allow) => {
    const answer = await sendRaw(used.gateway, { method, path });
    expect(answer.status).toBe(405);
    expect(answer.headers['allow']).toBe(allow);
    expect(expectProblem(answer).code).toBe('METHOD_NOT_ALLOWED');
  });

  it.each(['/api/v1/scans', `/api/v1/scans/${id}`, '/api/v1/openapi.json'])(
    'OPTIONS %s: 204 with Allow',
    async (path) => {
      const answer = await sendRaw(used.gateway, { method: 'OPTIONS', path });
      expect([answer.status, answer.body]).toEqual([204, '']);
      expect(answer.headers['allow']).toContain('OPTIONS');
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    },
  );

  it.each([
    ['/api/v1/openapi.json', 200],
    [`/api/v1/scans/${id}`, 404],
    [`/api/v1/scans/${id}/events`, 404],
    ['/health/live', 200],
    ['/metrics', 200],
  ])('HEAD %s: %d without a body', async (path, status) => {
    const answer = await sendRaw(used.gateway, { method: 'HEAD', path });
    expect([answer.status, answer.body]).toEqual([status, '']);
  });

  it('a header that names another method is ignored', async () => {
    const headers = { 'X-HTTP-Method-Override': 'DELETE' };
    expect((await sendRaw(used.gateway, { path: '/api/v1/openapi.json', headers })).status).toBe(200);
  });
});

describe('headers of answers', () => {
  it('tell browsers to do nothing but show, and do not tell what we run on', async () => {
    for (const path of ['/api/v1/openapi.json', '/api/v1/nothing', '/health/live']) {
      const { headers } = await sendRaw(used.gateway, { path });
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
      expect(headers['cache-control']).toBe('no-store');
      expect(headers['x-powered-by']).toBeUndefined();
      expect(headers['server']).toBeUndefined();
      expect(headers['strict-transport-security']).toBeUndefined();
    }
  });

  it('carry a sane request id that came in, in the header and in the problem', async () => {
    const answer = await sendRaw(used.gateway, {
      path: '/nothing',
      headers: { 'X-Request-Id': 'trace-0123.ab_c' },
    });
    expect(answer.headers['x-request-id']).toBe('trace-0123.ab_c');
    expect(expectProblem(answer).requestId).toBe('trace-0123.ab_c');
  });

  it.each(['short', 'x'.repeat(65), 'with space', '<script>', 'a;b=c'.padEnd(8)])(
    'carry a request id of our own in place of "%s"',
    async (given) => {
      const answer = await sendRaw(used.gateway, { path: '/nothing', headers: { 'X-Request-Id': given } });
      expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    },
  );
});
